/** The local edge as a distribution would be: it trusts the keys that its key group holds at that moment. */
import { GetKeyGroupCommand, GetPublicKeyCommand } from '@aws-sdk/client-cloudfront';
import { createLocalEdge } from 'edgeseal/dev';

/** What may be uploaded and downloaded, and no more; from a page of another origin, if there is one. */
function rulesFor(page) {
  const cors = page === undefined ? {} : { cors: { origins: [page] } };
  const upload = { maxBytes: '25MB', requireConstraints: ['method', 'maxBytes', 'contentType'] };
  return {
    version: 1,
    mode: 'behind-key-group',
    rules: [
      { name: 'upload', path: '/upload/*', methods: ['PUT'], stripPrefix: '/upload', upload, ...cors },
      { name: 'download', path: '/download/*', methods: ['GET', 'HEAD'], stripPrefix: '/download', ...cors },
    ],
  };
}

/** A local edge that is replaced when its key group changes. */
export class FollowingEdge {
  #settings;
  #state;
  #edge;
  #last;

  /**
   * @param {{ cloudfront: import('@aws-sdk/client-cloudfront').CloudFrontClient, keyGroupId: string, origin: string,
   *   bucket: { name: string, endpoint: string }, port?: number, page?: string }} settings
   */
  constructor(settings) {
    this.#settings = settings;
  }

  /** The edge with the keys of this moment. */
  async current() {
    const { cloudfront, keyGroupId } = this.#settings;
    const { KeyGroup } = await cloudfront.send(new GetKeyGroupCommand({ Id: keyGroupId }));
    const ids = KeyGroup.KeyGroupConfig.Items;
    if (this.#state === ids.join()) return this.#edge;
    const port = this.#edge === undefined ? (this.#settings.port ?? 0) : Number(new URL(this.#edge.url).port);
    await this.#edge?.stop();
    const keys = Object.fromEntries(
      await Promise.all(ids.map(async (id) => [id, await this.#publicKey(id)])),
    );
    const { origin, bucket, page } = this.#settings;
    const policy = rulesFor(page);
    const cors = page === undefined ? {} : { cors: { origins: [page] } };
    const onDecision = (decision) => {
      this.#last = decision;
    };
    this.#edge = await createLocalEdge({ origin, bucket, keys, port, policy, onDecision, ...cors }).start();
    this.#state = ids.join();
    return this.#edge;
  }

  /** Sends one request to the place where the URL would lead, and says what was decided. */
  async send(url, options) {
    const edge = await this.current();
    this.#last = undefined;
    const answer = await fetch(url.replace(this.#settings.origin, edge.url), options);
    const body = Buffer.from(await answer.arrayBuffer());
    for (let turn = 0; this.#last === undefined && turn < 1000; turn += 1) await new Promise(setImmediate);
    return { status: answer.status, body, reason: this.#last?.reason, headers: answer.headers };
  }

  async stop() {
    await this.#edge?.stop();
    this.#edge = undefined;
    this.#state = undefined;
  }

  async #publicKey(Id) {
    const { PublicKey } = await this.#settings.cloudfront.send(new GetPublicKeyCommand({ Id }));
    return PublicKey.PublicKeyConfig.EncodedKey;
  }
}
