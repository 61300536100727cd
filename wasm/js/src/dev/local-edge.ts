/** The server: HTTP in, the distribution and its origin behind it, one decision for each request out. */
import { EventEmitter, on, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EdgesealError } from '../errors.js';
import type { Signer } from '../signer.js';
import { authority, hostReader } from './address.js';
import { write } from './answer.js';
import { denied, type EdgeDecision, type Word } from './decision.js';
import { Distribution } from './distribution.js';
import type { Settings } from './options.js';
import { type Exchange, Origin } from './origin/origin.js';
import { incompleteBody, storeFailed, toAnswer } from './origin/problem.js';
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
  readonly #uploading = new WeakSet<Socket>();
  readonly #ending = new AbortController();
  #hostOf: (header: string) => string;

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
    this.#hostOf = hostReader(settings.listen, settings.origin);
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
    const { origin } = this.#settings;
    return origin === undefined ? this.url : `${origin.scheme}://${origin.host}`;
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
      answerBrokenRequest(error, socket as Socket, this.#uploading.has(socket as Socket));
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
    const word = await this.#decide({ viewer, request, response, welcomeBody }).catch((thrown: unknown) => {
      if (response.headersSent) response.destroy();
      else write(response, toAnswer(storeFailed(thrown)), viewer.method);
      return denied('distribution', 'internal', 'The local edge met a fault of its own.');
    });
    await closed;
    const { requestId, method, path } = viewer;
    const status = response.headersSent ? { status: response.statusCode } : {};
    this.#events.emit('decision', { time, requestId, method, path, ...word, ...status });
  }

  async #decide(exchange: Exchange): Promise<Word> {
    const { viewer, request, response } = exchange;
    const outcome = await this.#distribution.judge(viewer);
    if ('answer' in outcome) {
      write(response, outcome.answer, viewer.method);
      return outcome.word;
    }
    this.#uploading.add(request.socket);
    const word = await this.#origin.answer(outcome, exchange);
    this.#uploading.delete(request.socket);
    return word;
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

/** Answers what is no HTTP request, and a body that ended before its announced length. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket, uploading: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const early = uploading && error.code === 'HPE_INVALID_EOF_STATE';
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '413 Payload Too Large' : '400 Bad Request';
  const { body, headers } = early
    ? toAnswer(incompleteBody('the body ended early'))
    : { body: '', headers: { server: 'CloudFront' } };
  const lines = Object.entries({
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n${body}`, () => socket.destroy());
}
