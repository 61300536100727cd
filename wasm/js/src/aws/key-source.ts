/** Fetching the signing key: role, secret, parse; kept, refreshed in the background, and never lost to an outage. */
import { asEdgesealError, type EdgesealError } from '../errors.js';
import type { HashAlgorithm } from '../sign-options.js';
import { type CryptoChoice, Signer } from '../signer.js';
import { type AwsCall, awsError, unavailable } from './errors.js';
import { readSecret } from './secret.js';

/** Something worth a log line. Holds no secret. */
export type KeyEvent =
  /** A key was fetched for the first time, or is another one than before. */
  | { kind: 'key-loaded'; keyPairId: string; rotated: boolean }
  /** A refresh failed; the last good key stays in use. */
  | { kind: 'refresh-failed'; error: EdgesealError; ageSeconds: number };

/** Fetches the text of the secret. The signal fires when the time for it is up. */
export type FetchSecret = (
  signal: AbortSignal,
) => Promise<{ text: string | undefined; version: string | undefined }>;

/** What a {@link KeySource} needs. */
export interface KeySourceOptions {
  fetchSecret: FetchSecret;
  call: AwsCall;
  keyPairId: string | undefined;
  hash: HashAlgorithm;
  crypto: CryptoChoice;
  /** The age at which a key is fetched again, in seconds. */
  maxAge: number;
  /** How long a fetch may take, in seconds. */
  timeout: number;
  onEvent: (event: KeyEvent) => void;
  /** Milliseconds since 1970. */
  clock: () => number;
}

/** After a failed refresh, the next one waits this long, in milliseconds. */
const pauseAfterFailure = 5_000;
/** At this many times its age limit, a key is fetched again before it signs: it may have left the key group. */
const tooOld = 4;

interface Key {
  signer: Signer;
  version: string | undefined;
  fetchedAt: number;
}

/** One key, shared by all callers. */
export class KeySource {
  readonly #options: KeySourceOptions;
  #current: Key | undefined;
  #flight: Promise<Signer> | undefined;
  #failedAt: number | undefined;

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  /**
   * The current signer. The first call waits for the key; later ones get the key that is at hand, and an aged one is
   * fetched again behind their back. One that nobody has asked for in a long time is fetched before it is used.
   */
  async signer(): Promise<Signer> {
    const current = this.#current;
    if (current === undefined) return this.refresh();
    const now = this.#options.clock();
    const ages = (now - current.fetchedAt) / (this.#options.maxAge * 1000);
    // A clock that was set back says nothing about age.
    if (ages >= 0 && ages < 1) return current.signer;
    const sinceFailure = this.#failedAt === undefined ? undefined : Math.abs(now - this.#failedAt);
    if (sinceFailure !== undefined && sinceFailure < pauseAfterFailure) return current.signer;
    // A failure has been reported as an event, and this caller has a good key.
    const refreshed = this.refresh().catch(() => current.signer);
    // While AWS is down, callers do not queue up behind it.
    return ages >= tooOld && sinceFailure === undefined ? refreshed : current.signer;
  }

  /** Fetches the key now. Concurrent callers share one fetch. */
  refresh(): Promise<Signer> {
    this.#flight ??= this.#fetch().finally(() => {
      this.#flight = undefined;
    });
    return this.#flight;
  }

  /** How old the key is, in seconds; undefined before the first one. */
  ageSeconds(): number | undefined {
    const current = this.#current;
    return current === undefined ? undefined : (this.#options.clock() - current.fetchedAt) / 1000;
  }

  async #fetch(): Promise<Signer> {
    try {
      const { text, version } = await this.#answer();
      const key = this.#read(text, version);
      const known = this.#current;
      this.#current = key;
      this.#failedAt = undefined;
      const { keyPairId } = key.signer;
      const rotated = known !== undefined && known.signer.keyPairId !== keyPairId;
      if (known === undefined || rotated) this.#tell({ kind: 'key-loaded', keyPairId, rotated });
      return key.signer;
    } catch (thrown) {
      const error = asEdgesealError(thrown);
      this.#failedAt = this.#options.clock();
      const ageSeconds = this.ageSeconds();
      if (ageSeconds !== undefined) this.#tell({ kind: 'refresh-failed', error, ageSeconds });
      throw error;
    }
  }

  /** The key in the secret; the known one, when the secret has not changed. */
  #read(text: unknown, version: unknown): Key {
    const { keyPairId, hash, crypto, clock } = this.#options;
    const fetchedAt = clock();
    const known = this.#current;
    if (known !== undefined && version !== undefined && known.version === version) {
      return { ...known, fetchedAt };
    }
    const signer = Signer.fromPem({ ...readSecret(text, keyPairId), hash, crypto });
    return { signer, version: typeof version === 'string' ? version : undefined, fetchedAt };
  }

  /** The answer of the store, or a typed error when it fails or does not come. */
  async #answer(): Promise<{ text?: unknown; version?: unknown }> {
    const { fetchSecret, call, timeout } = this.#options;
    const ending = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(unavailable(call, `no answer in ${timeout} seconds`));
        ending.abort();
      }, timeout * 1000);
    });
    try {
      return (await Promise.race([fetchSecret(ending.signal), late])) ?? {};
    } catch (thrown) {
      throw awsError(thrown, call);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A listener that throws or rejects has no say in whether URLs are signed. */
  #tell(event: KeyEvent): void {
    (async () => this.#options.onEvent(event))().catch(() => undefined);
  }
}
