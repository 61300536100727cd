/** What {@link createLocalEdge} takes, read once and checked. */
import type { EdgeKey } from '../edge/index.js';
import { EdgesealError } from '../errors.js';
import { oneOf, optionalFlag, optionalText, readOptions, requiredText, textList } from '../options.js';
import type { SignerOptions } from '../signer.js';
import { currentSeconds } from '../time.js';
import { checkHostName, checkListen, readOrigin, type ViewerOrigin } from './address.js';
import type { EdgeDecision } from './decision.js';
import { type BucketSettings, BucketStore } from './origin/bucket.js';
import { FolderStore } from './origin/folder.js';
import type { Store } from './origin/store.js';
import type { CorsSettings } from './response-headers.js';

/** What {@link createLocalEdge} takes. Either `store` or `bucket` must be there. */
export interface LocalEdgeOptions {
  /** The folder that stands in for the bucket; made when it is not there. */
  store?: string;
  /** A bucket, on AWS or on an emulator. Needs the package `@aws-sdk/client-s3`. */
  bucket?: BucketSettings;
  /**
   * The rules, as an object or as JSON text. In mode `behind-key-group` the signature is checked first, as CloudFront
   * does. Without rules there is a key group, and the product's prefix function.
   */
  policy?: string | object;
  /** The trusted public keys by key-pair id. */
  keys?: Record<string, EdgeKey>;
  /** Signs with this key instead of one made at start; its public half becomes trusted. */
  signWith?: SignerOptions;
  /** The IP address to listen on; `127.0.0.1` by default. */
  listen?: string;
  /** Confirms an address that takes requests from every network. */
  allowAnyAddress?: boolean;
  /** The port; a free one by default. */
  port?: number;
  /** The origin that URLs are signed for, such as `https://files.example.com`; the local one by default. */
  origin?: string;
  /** A name to use in local URLs instead of the address, such as `files.localhost`; not together with `origin`. */
  hostName?: string;
  /** Hides the signing parameters from the rules, as CloudFront may do behind a key group. */
  hideSigningParams?: boolean;
  /** Pages of other origins, as in the inputs of the products. */
  cors?: CorsSettings;
  /** Hears of every request. See also `LocalEdge.decisions`. */
  onDecision?: (decision: EdgeDecision) => void;
  /** The clock, in seconds since 1970. */
  now?: () => number;
}

/** The options, understood. */
export interface Settings {
  store: Store;
  policy: string | object | undefined;
  keys: Record<string, EdgeKey>;
  signWith: SignerOptions | undefined;
  listen: string;
  port: number;
  origin: ViewerOrigin | undefined;
  hostName: string | undefined;
  hideSigningParams: boolean;
  cors: CorsSettings | undefined;
  onDecision: ((decision: EdgeDecision) => void) | undefined;
  now: () => number;
}

const names = [
  'store',
  'bucket',
  'policy',
  'keys',
  'signWith',
  'listen',
  'allowAnyAddress',
  'port',
  'origin',
  'hostName',
  'hideSigningParams',
  'cors',
  'onDecision',
  'now',
] as const;

/** @throws {EdgesealError} `invalid-argument` or `open-to-everyone`. */
export function readSettings(options: LocalEdgeOptions): Settings {
  const given = readOptions<LocalEdgeOptions>(options, names, 'createLocalEdge');
  const listen = optionalText(given.listen, 'listen') ?? '127.0.0.1';
  checkListen(listen, optionalFlag(given.allowAnyAddress, 'allowAnyAddress'));
  const origin = optionalText(given.origin, 'origin');
  const hostName = optionalText(given.hostName, 'hostName');
  if (hostName !== undefined) checkHostName(hostName, origin);
  return {
    store: readStore(given.store, given.bucket),
    policy: given.policy as Settings['policy'],
    keys: (given.keys ?? {}) as Settings['keys'],
    signWith: given.signWith as Settings['signWith'],
    listen,
    port: readPort(given.port),
    origin: origin === undefined ? undefined : readOrigin(origin),
    hostName: hostName?.toLowerCase(),
    hideSigningParams: optionalFlag(given.hideSigningParams, 'hideSigningParams'),
    cors: given.cors === undefined ? undefined : readCors(given.cors),
    onDecision: readFunction<Settings['onDecision']>(given.onDecision, 'onDecision'),
    now: readFunction<Settings['now'] | undefined>(given.now, 'now') ?? currentSeconds,
  };
}

function readStore(store: unknown, bucket: unknown): Store {
  if ((store === undefined) === (bucket === undefined)) {
    throw new EdgesealError('invalid-argument', 'createLocalEdge needs either a store or a bucket', {
      field: 'store',
      hint: 'store is a folder; bucket is { name, endpoint, region }',
    });
  }
  if (store !== undefined) return new FolderStore(requiredText(store, 'store'));
  const given = readOptions<BucketSettings>(bucket, ['name', 'endpoint', 'region'], 'bucket');
  const endpoint = optionalText(given.endpoint, 'bucket.endpoint');
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) {
    throw new EdgesealError('invalid-argument', 'the endpoint must be a URL', { field: 'bucket.endpoint' });
  }
  const region = optionalText(given.region, 'bucket.region');
  return new BucketStore({
    name: requiredText(given.name, 'bucket.name'),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  });
}

function readPort(port: unknown): number {
  if (port === undefined) return 0;
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new EdgesealError('invalid-argument', 'port must be a number up to 65535', { field: 'port' });
}

function readCors(cors: unknown): CorsSettings {
  const given = readOptions<CorsSettings>(cors, ['origins', 'credentials'], 'cors');
  const origins = textList(given.origins, 'cors.origins', 'a list of origins');
  for (const origin of origins) {
    if (/^(\*|https?:\/\/(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?)$/.test(origin)) continue;
    throw new EdgesealError('invalid-argument', 'an origin is a scheme and a host, without a path', {
      field: 'cors.origins',
      hint: 'for example https://app.example.com',
    });
  }
  const credentials = optionalFlag(given.credentials, 'cors.credentials');
  if (credentials && origins.includes('*')) {
    throw new EdgesealError('invalid-argument', 'credentials and the origin * do not go together', {
      field: 'cors.credentials',
    });
  }
  return { origins, credentials };
}

function readFunction<T>(value: unknown, field: string): T {
  oneOf(typeof value, ['undefined', 'function'], 'undefined', field);
  return value as T;
}
