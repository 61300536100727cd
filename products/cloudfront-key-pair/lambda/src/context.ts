import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CloudFrontKeys } from "./cloudfront";
import { digest } from "./keys";
import { SigningSecret } from "./secret";
import type { Algorithm, Settings } from "./settings";

/** Everything from outside; the tests put a model of AWS, a clock and a faulty network here. */
export interface Dependencies {
  cloudfront: Pick<CloudFrontClient, "send">;
  secrets: Pick<SecretsManagerClient, "send">;
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
}

export function createContext(deps: Dependencies, settings: Settings): Context {
  const identity = digest("edgeseal-key-pair", settings.owner).slice(0, 16);
  return {
    deps,
    settings,
    identity,
    keys: new CloudFrontKeys(deps, `edgeseal ${identity}`),
    secret: new SigningSecret(deps, settings, identity),
  };
}
