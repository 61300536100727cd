/** Fetching the signing key: role, secret, parse; kept, refreshed in the background, and never lost to an outage. */
import { asEdgesealError, type EdgesealError } from '../errors.js';
import { type CryptoChoice, type HashAlgorithm, Signer } from '../signer.js';
import { type AwsCall, awsError } from './errors.js';
import { readSecret } from './secret.js';

/** Something worth a log line. Holds no secret. */
export type KeyEvent =
  /** A key was fetched for the first time, or is another one than before. */
  | { kind: 'key-loaded'; keyPairId: string; rotated: boolean }
  /** A refresh failed; the last good key stays in use. */
  | { kind: 'refresh-failed'; error: EdgesealError; ageSeconds: number };

/** Fetches the text of the secret. */
export type FetchSecret = () => Promise<{ text: string | undefined; version: string | undefined }>;

/** What a {@link KeySource} needs. */
export interface KeySourceOptions {
  fetchSecret: FetchSecret;
  call: AwsCall;
  keyPairId: string | undefined;
  hash: HashAlgorithm | undefined;
  crypto: CryptoChoice | undefined;
  /** The age at which a key is fetched again, in seconds. */
  maxAge: number;
  onEvent: (event: KeyEvent) => void;
  /** Milliseconds; only differences count. */
  clock: () => number;
}

/** After a failed refresh, the next one waits this long, in milliseconds. */
const pauseAfterFailure = 5_000;

/** One key, shared by all callers. */
export class KeySource {
  readonly #options: KeySourceOptions;
  #current: { signer: Signer; version: string | undefined; fetchedAt: number } | undefined;
  #flight: Promise<Signer> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: KeySourceOptions) {
    this.#options = options;
  }

  /**
   * The current signer. The first call waits for the key; later ones get the key that is at hand, and an aged one is
   * fetched again behind their back.
   */
  async signer(): Promise<Signer> {
    const current = this.#current;
    if (current === undefined) return this.refresh();
    const now = this.#options.clock();
    const aged = now - current.fetchedAt >= this.#options.maxAge * 1000;
    if (aged && now - this.#failedAt >= pauseAfterFailure) {
      // The failure has been reported as an event, and this caller has a good key.
      this.refresh().catch(() => undefined);
    }
    return current.signer;
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
    const { fetchSecret, call, keyPairId, hash, crypto, onEvent, clock } = this.#options;
    try {
      const { text, version } = await fetchSecret().catch((thrown) => {
        throw awsError(thrown, call);
      });
      const known = this.#current;
      if (known !== undefined && version !== undefined && known.version === version) {
        known.fetchedAt = clock();
        return known.signer;
      }
      const signer = Signer.fromPem({
        ...readSecret(text, keyPairId),
        ...(hash === undefined ? {} : { hash }),
        ...(crypto === undefined ? {} : { crypto }),
      });
      this.#current = { signer, version, fetchedAt: clock() };
      const rotated = known !== undefined && known.signer.keyPairId !== signer.keyPairId;
      if (known === undefined || rotated)
        onEvent({ kind: 'key-loaded', keyPairId: signer.keyPairId, rotated });
      return signer;
    } catch (thrown) {
      const error = asEdgesealError(thrown);
      this.#failedAt = clock();
      const ageSeconds = this.ageSeconds();
      if (ageSeconds !== undefined) onEvent({ kind: 'refresh-failed', error, ageSeconds });
      throw error;
    }
  }
}
