/** The server: HTTP in, the distribution and its origin behind it, one decision for each request out. */
import { EventEmitter, on, once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EdgesealError } from '../errors.js';
import type { Signer } from '../signer.js';
import { authority, hostReader, type ViewerOrigin } from './address.js';
import { type Answer, write } from './answer.js';
import { denied, type EdgeDecision, type Word } from './decision.js';
import { Distribution } from './distribution.js';
import type { Settings } from './options.js';
import { type Exchange, Origin } from './origin/origin.js';
import { incompleteBody, type OriginProblem, storeFailed, toAnswer } from './origin/problem.js';
import { withGivenKey, withThrowawayKey } from './signing.js';
import { readViewer, type Viewer } from './viewer.js';

/** Room for headers that CloudFront would refuse, so that the refusal can say so. */
const maxHeaderSize = 65_536;

/** A distribution and its bucket on this machine. Made by {@link createLocalEdge}. */
export class LocalEdge {
  /** Signs URLs that this edge takes. */
  readonly signer: Signer;
  /** What keeps the objects, for people. */
  readonly storeDescription: string;
  /** True when the signature is checked as by CloudFront, before the rules; false when the rules do it. */
  readonly hasKeyGroup: boolean;
  readonly #settings: Settings;
  readonly #distribution: Distribution;
  readonly #origin: Origin;
  readonly #server: Server;
  readonly #events = new EventEmitter<{ decision: [EdgeDecision] }>();
  readonly #running = new Set<Promise<void>>();
  readonly #uploads = new WeakMap<Socket, (problem: OriginProblem) => void>();
  readonly #ending = new AbortController();
  #viewerOrigin: ViewerOrigin | undefined;
  #hostOf: (header: string) => string = () => '';

  /** @internal */
  constructor(settings: Settings) {
    this.#settings = settings;
    const { keys, signer } =
      settings.signWith === undefined
        ? withThrowawayKey(settings.keys)
        : withGivenKey(settings.keys, settings.signWith);
    this.signer = signer;
    this.storeDescription = settings.store.description;
    const { policy, hideSigningParams, now } = settings;
    const scheme = settings.origin?.scheme ?? 'http';
    this.#distribution = new Distribution({ policy, keys, scheme, hideSigningParams, now });
    this.hasKeyGroup = this.#distribution.hasKeyGroup;
    this.#origin = new Origin(settings.store, settings.cors);
    this.#viewerOrigin = settings.origin;
    this.#server = this.#makeServer();
    if (settings.onDecision !== undefined) this.#events.on('decision', settings.onDecision);
  }

  /** Where it listens, such as `http://127.0.0.1:8080`. Known once it has started. */
  get url(): string {
    const address = this.#server.address() as AddressInfo | null;
    if (address === null) throw new EdgesealError('not-started', 'the local edge does not listen');
    return `http://${authority(this.#settings.listen, address.port)}`;
  }

  /** The origin that URLs must be signed for. */
  get origin(): string {
    const origin = this.#viewerOrigin;
    return origin === undefined ? this.url : `${origin.scheme}://${origin.host}`;
  }

  /** The same URL, signature and all, on this machine: for clients that cannot be led here by name. */
  localUrl(signedUrl: string): string {
    if (!signedUrl.startsWith(`${this.origin}/`)) {
      throw new EdgesealError('invalid-argument', `the URL does not begin with ${this.origin}/`, {
        field: 'url',
      });
    }
    return this.url + signedUrl.slice(this.origin.length);
  }

  /**
   * Gets the store ready and listens.
   *
   * @throws {EdgesealError} `unusable-store`, `missing-package` or `port-in-use`.
   */
  async start(): Promise<this> {
    await this.#settings.store.open();
    const listening = once(this.#server, 'listening');
    this.#server.listen(this.#settings.port, this.#settings.listen);
    try {
      await listening;
    } catch (thrown) {
      this.#settings.store.close();
      throw cannotListen(thrown, this.#settings);
    }
    const { listen, hostName } = this.#settings;
    if (hostName !== undefined) {
      this.#viewerOrigin = { scheme: 'http', host: `${hostName}:${new URL(this.url).port}` };
    }
    this.#hostOf = hostReader(listen, this.#viewerOrigin);
    return this;
  }

  /** Stops listening and cuts off what is under way; uploads that are not complete leave nothing behind. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await Promise.all([closed, ...this.#running]);
    this.#settings.store.close();
    this.#ending.abort();
  }

  /** Every decision from now on, until the edge stops. */
  async *decisions(): AsyncGenerator<EdgeDecision, void, undefined> {
    try {
      const events = on(this.#events, 'decision', { signal: this.#ending.signal });
      for await (const [decision] of events) yield decision as EdgeDecision;
    } catch (thrown) {
      if (!this.#ending.signal.aborted) throw thrown;
    }
  }

  /** What would become of a request, without doing it. */
  async rehearse(viewer: Viewer): Promise<Word> {
    return (await this.#distribution.judge(viewer)).word;
  }

  #makeServer(): Server {
    const server = createServer({ maxHeaderSize, requestTimeout: 0, keepAliveTimeout: 5_000 });
    server.on('request', (request, response) => this.#take(request, response, () => {}));
    // A viewer that asks first is told whether its body is welcome.
    server.on('checkContinue', (request, response) =>
      this.#take(request, response, () => response.writeContinue()),
    );
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      this.#answerBroken(error, socket as Socket);
    });
    return server;
  }

  #take(request: IncomingMessage, response: ServerResponse, welcomeBody: () => void): void {
    const running = this.#answer(request, response, welcomeBody);
    this.#running.add(running);
    running.finally(() => this.#running.delete(running));
  }

  /** Answers one request and says what came of it. Never throws. */
  async #answer(request: IncomingMessage, response: ServerResponse, welcomeBody: () => void): Promise<void> {
    const time = new Date().toISOString();
    const closed = new Promise((resolve) => response.once('close', resolve));
    const viewer = readViewer(request, this.#hostOf);
    response.setHeader('x-amz-cf-id', viewer.requestId);
    const onBroken: Exchange['onBroken'] = (revoke) => this.#uploads.set(request.socket, revoke);
    const exchange = { viewer, request, response, onBroken, welcomeBody };
    const word = await this.#decide(exchange).catch((thrown: unknown) => {
      if (response.headersSent) response.destroy();
      else write(response, toAnswer(storeFailed(thrown)), viewer.method);
      return denied('distribution', 'internal', 'The local edge met a fault of its own.');
    });
    await closed;
    const { requestId, method, path } = viewer;
    const status = response.headersSent ? { status: response.statusCode } : {};
    this.#events.emit('decision', { time, requestId, method, path, ...status, ...word });
  }

  async #decide(exchange: Exchange): Promise<Word> {
    const { viewer, request, response } = exchange;
    const outcome = await this.#distribution.judge(viewer);
    if ('answer' in outcome) {
      write(response, outcome.answer, viewer.method);
      return outcome.word;
    }
    const word = await this.#origin.answer(outcome, exchange);
    this.#uploads.delete(request.socket);
    return word;
  }

  /** Answers what is no HTTP. In the middle of an upload, or right behind one, it takes the upload with it. */
  #answerBroken(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const revoke = this.#uploads.get(socket);
    if (revoke === undefined) {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 413 : 400;
      sendRaw(socket, { status, headers: { server: 'CloudFront' }, body: '' });
      return;
    }
    const early = error.code === 'HPE_INVALID_EOF_STATE';
    const problem = incompleteBody(early ? 'the body ended early' : 'more came than was announced');
    revoke(problem);
    sendRaw(socket, toAnswer(problem));
  }
}

function cannotListen(thrown: unknown, { listen, port }: Settings): EdgesealError {
  const { code } = thrown as NodeJS.ErrnoException;
  const place = authority(listen, port);
  return code === 'EADDRINUSE'
    ? new EdgesealError('port-in-use', `something else listens on ${place}`, {
        field: 'port',
        hint: 'choose another port, or 0 for any that is free',
      })
    : new EdgesealError('cannot-listen', `it is not possible to listen on ${place} (${code})`, {
        field: 'listen',
      });
}

/** Writes an answer on a connection that has no response to write it for. */
function sendRaw(socket: Socket, { status, headers, body }: Answer): void {
  const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`, () =>
    socket.destroy(),
  );
}
