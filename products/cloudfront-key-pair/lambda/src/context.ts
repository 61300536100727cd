import type { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CloudFrontKeys } from './cloudfront';
import { KeyPairError } from './errors';
import { digest } from './keys';
import { SigningSecret } from './secret';
import type { Algorithm, Settings } from './settings';

/** Everything from outside; the tests put a model of AWS, a clock and a faulty network here. */
export interface Dependencies {
  cloudfront: Pick<CloudFrontClient, 'send'>;
  secrets: Pick<SecretsManagerClient, 'send'>;
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
  generatePrivateKey(algorithm: Algorithm): string;
  /** Writes one line of structured log. Must never be given a secret or a response URL. */
  log(entry: Record<string, string | number | boolean | undefined>): void;
  /** PUTs the response body to CloudFormation's presigned URL. */
  respond(url: string, body: string): Promise<void>;
}

/** One operation: its settings, and the two stores it works on. */
export interface Context {
  deps: Dependencies;
  settings: Settings;
  /** 16 hexadecimal characters that name this key pair, the same for as long as its stack lives. */
  identity: string;
  keys: CloudFrontKeys;
  secret: SigningSecret;
  /** Moves the deadline, so that there is time to undo what ran out of time. */
  extendDeadline(): void;
}

/** Kept free at the end of an invocation, in milliseconds: first for undoing, then for answering. */
const UNDO_MS = 50_000;
const ANSWER_MS = 15_000;

/**
 * `remainingMs` is what the invocation has left. Past the deadline every AWS call is refused rather than begun: an
 * operation that Lambda cuts off half way would answer nobody.
 */
export function createContext(outer: Dependencies, settings: Settings, remainingMs: number): Context {
  const end = outer.now().getTime() + remainingMs;
  let deadline = end - UNDO_MS;
  const guard = <T extends { send: unknown }>(client: T): T => {
    const send = client.send as (...input: unknown[]) => Promise<unknown>;
    const guarded = async (...input: unknown[]): Promise<unknown> => {
      if (outer.now().getTime() >= deadline) {
        throw new KeyPairError(
          'out-of-time',
          'AWS answered too slowly, so the change was stopped. Try again.',
        );
      }
      return send.apply(client, input);
    };
    return { ...client, send: guarded } as T;
  };
  const deps = { ...outer, cloudfront: guard(outer.cloudfront), secrets: guard(outer.secrets) };
  const identity = digest('edgeseal-key-pair', settings.owner).slice(0, 16);
  return {
    deps,
    settings,
    identity,
    keys: new CloudFrontKeys(deps, `edgeseal ${identity}`),
    secret: new SigningSecret(deps, settings, identity),
    extendDeadline: () => {
      deadline = end - ANSWER_MS;
    },
  };
}
