// The built zip file, unpacked in an empty folder, under the runtime client that Lambda itself runs Node functions with.
//
// serverless-offline-edge-lambda would be a second opinion, but it is a plugin of the Serverless Framework, whose package
// downloads its program when it is installed and asks for an account when it runs.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Signer } from 'edgeseal';
import { lambdaRic } from '../../scripts/lib/setup/lambda-ric.mjs';
import { readKey } from '../differential/support/keys.mjs';
import { buildBundle, unpack } from './support/bundle.mjs';
import { corpus, corpusPolicy } from './support/corpus.mjs';
import { assertRequest, assertResponse } from './support/lambda-rules.mjs';
import { LambdaEnvironment } from './support/runtime-api.mjs';
import { viewerRequest } from './support/vectors.mjs';

/** The real runtime client; where it cannot be had, its loop. */
async function runtimeClient() {
  try {
    return [await lambdaRic()];
  } catch (problem) {
    console.error(`The Lambda runtime client cannot be had, its loop stands in:\n${problem.message}`);
    return [fileURLToPath(new URL('support/mini-runtime.mjs', import.meta.url))];
  }
}

/** Runs a bundle for the tests of a group. */
function running(policy, keys) {
  const used = {};
  before(async () => {
    used.folder = unpack(buildBundle(policy, keys).zip);
    used.lambda = await LambdaEnvironment.start(used.folder, await runtimeClient());
  });
  after(async () => {
    await used.lambda?.stop();
    if (used.folder) rmSync(used.folder, { recursive: true, force: true });
  });
  return used;
}

describe('a bundle behind a key group', () => {
  const used = running(corpusPolicy, {});
  for (const { name, uri, status, reason, event } of corpus) {
    test(`the event ${name} ${uri === undefined ? `is answered with ${status}` : 'goes on'}`, async () => {
      const answer = await used.lambda.invoke(event());
      if (uri !== undefined) {
        assertRequest(answer, event().Records[0].cf.request);
        assert.equal(answer.uri, uri);
        return;
      }
      assertResponse(answer);
      assert.equal(answer.status, String(status));
      if (reason !== undefined) await used.lambda.said(new RegExp(`"reason":"${reason}"`));
    });
  }

  for (const event of [null, [], {}, 'text', 7, { Records: [] }, { Records: [{ cf: { request: null } }] }]) {
    test(`${JSON.stringify(event)} instead of an event is refused, and the function lives on`, async () => {
      const answer = await used.lambda.invoke(event);
      assert.deepEqual([answer.status, answer.body], ['403', 'Forbidden']);
    });
  }
});

describe('a standalone bundle', () => {
  const policy = {
    version: 1,
    mode: 'standalone',
    rules: [
      { name: 'upload', path: '/upload/*', methods: ['PUT'], maxLifetime: '1h', upload: { maxBytes: '1MB' } },
      {
        name: 'download',
        path: '/download/*',
        stripPrefix: '/download',
        maxLifetime: '1h',
        query: { allow: ['v'] },
      },
    ],
  };
  const kinds = { K2JCJMDEHXQW5F: 'ec', K3RSAEXAMPLE01: 'rsa' };
  const keys = Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, readKey(`${kind}-public`)]));
  const used = running(policy, keys);
  const eventFor = (url, method = 'GET', headers = {}) => {
    const { pathname, search, host } = new URL(url);
    return viewerRequest({
      clientIp: '203.0.113.178',
      method,
      uri: pathname,
      querystring: search.slice(1),
      headers: { host: [{ key: 'Host', value: host }], ...headers },
    });
  };

  for (const [keyPairId, kind] of Object.entries(kinds)) {
    const signer = Signer.fromPem({ keyPairId, privateKey: readKey(`${kind}-pkcs8`) });

    test(`a URL signed with ${kind} goes on without its signature, again and again`, async () => {
      const url = signer.signUrl({ url: 'https://files.example.com/download/cat.png?v=2', expires: '10m' });
      for (let round = 0; round < 3; round += 1) {
        const answer = await used.lambda.invoke(eventFor(url));
        assert.deepEqual([answer.uri, answer.querystring], ['/cat.png', 'v=2']);
      }
    });

    test(`a URL signed with ${kind} opens no other path`, async () => {
      const url = signer.signUrl({ url: 'https://files.example.com/download/cat.png', expires: '10m' });
      const answer = await used.lambda.invoke(eventFor(url.replace('cat', 'dog')));
      assert.equal(answer.status, '403');
      await used.lambda.said(/"reason":"bad-signature"/);
    });
  }

  test('an upload is held to the limit that its URL was signed with', async () => {
    const signer = Signer.fromPem({ keyPairId: 'K2JCJMDEHXQW5F', privateKey: readKey('ec-pkcs8') });
    const url = signer.signUrl({
      url: 'https://files.example.com/upload/cat.png',
      expires: '10m',
      upload: { method: 'PUT', maxBytes: 100 },
    });
    const upload = (length) =>
      used.lambda.invoke(
        eventFor(url, 'PUT', { 'content-length': [{ key: 'Content-Length', value: length }] }),
      );
    assert.equal((await upload('100')).uri, '/upload/cat.png');
    assert.equal((await upload('101')).status, '413');
  });

  test('the log of the function holds a line for each refusal and no signature', async () => {
    const answer = await used.lambda.invoke(
      eventFor('https://files.example.com/download/a?Signature=hunter2'),
    );
    assert.equal(answer.status, '403');
    await used.lambda.said(/"reason":"missing-key-pair-id"/);
    assert.doesNotMatch(used.lambda.output, /hunter2/);
  });
});
