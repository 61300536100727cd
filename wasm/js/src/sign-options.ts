/** What the signers take besides their key, read and checked. */
import { EdgesealError } from './errors.js';
import {
  oneOf,
  optionalCount,
  optionalFlag,
  optionalText,
  readOptions,
  requiredText,
  textList,
} from './options.js';
import { currentSeconds, type Instant, toOptionalSeconds, toSeconds } from './time.js';

/** The hash under a signature. CloudFront assumes SHA-1 unless the URL says `Hash-Algorithm=SHA256`. */
export type HashAlgorithm = 'SHA1' | 'SHA256';

/** A kind of key that CloudFront accepts. */
export type KeyAlgorithm = 'RSA-2048' | 'ECDSA-P256';

/** The terms that URLs and cookies share. */
export interface Terms {
  /** The end of validity. Leave it out only with `policy`. */
  expires?: Instant;
  /** The start of validity. */
  notBefore?: Instant;
  /** One IPv4 address or one range in CIDR form. */
  ipAddress?: string;
  /** A policy text of your own, signed as it stands; goes with none of the other terms. */
  policy?: string;
}

/** What an upload must look like. It rides in the signed query string, and the edge handler enforces it. */
export interface UploadConstraints {
  /** `PUT` unless you say otherwise. */
  method?: 'PUT' | 'POST';
  /** The largest body, in bytes. */
  maxBytes?: number;
  /** A media type, where the subtype, or both parts, may be a star. */
  contentType?: string;
  /** The SHA-256 of the body, as 64 lower-case hexadecimal digits. */
  sha256?: string;
  /** The file name to record. */
  filename?: string;
}

/** What {@link Signer.signUrl} takes. */
export interface SignUrlOptions extends Terms {
  /** The absolute URL on the distribution's domain. */
  url: string;
  /** What to open instead of the URL itself; `*` and `?` are wildcards. */
  resource?: string;
  /** Constraints for an upload. */
  upload?: UploadConstraints;
}

/** What {@link Signer.signUrls} takes. */
export interface SignUrlsOptions extends Omit<Terms, 'policy'> {
  /** The absolute URLs. */
  urls: readonly string[];
  /** One resource that covers them all: then one signature serves them all. */
  resource?: string;
}

/** The attributes of the `Set-Cookie` lines. */
export interface CookieAttributes {
  /** On by default. */
  secure?: boolean;
  /** On by default. */
  httpOnly?: boolean;
  /** `Lax` by default. */
  sameSite?: 'Strict' | 'Lax' | 'None';
  /** `/` by default. */
  path?: string;
  /** Only the answering host by default. */
  domain?: string;
  /** Lifetime in seconds; until the browser closes by default. */
  maxAge?: number;
}

/** What {@link Signer.signCookies} takes. */
export interface SignCookiesOptions extends Terms {
  /** What to open: one URL, or a URL with wildcards. Leave it out only with `policy`. */
  resource?: string;
  /** Attributes of the `Set-Cookie` lines. */
  cookie?: CookieAttributes;
}

/** Signed cookies in the three forms one needs. */
export interface SignedCookies {
  /** Names and values. */
  cookies: Record<string, string>;
  /** As one `Cookie` request header. */
  cookieHeader: string;
  /** As `Set-Cookie` response headers. */
  setCookie: string[];
}

const termNames = ['expires', 'notBefore', 'ipAddress'] as const;

/** Terms as the core takes them. */
export interface ReadTerms {
  expires: number;
  notBefore: number | undefined;
  ipAddress: string | undefined;
}

/** One URL, with a policy text of the caller's own or with terms. */
export type ReadUrl =
  | { url: string; policy: string }
  | (ReadTerms & {
      url: string;
      policy?: undefined;
      resource: string | undefined;
      upload: string | undefined;
    });

/** Reads {@link SignUrlOptions}. */
export function readSignUrl(options: unknown): ReadUrl {
  const given = readOptions<SignUrlOptions>(
    options,
    ['url', 'resource', 'upload', 'policy', ...termNames],
    'signUrl',
  );
  const url = requiredText(given.url, 'url');
  if (given.policy !== undefined) {
    return { url, policy: ownPolicy(given, ['resource', 'upload', ...termNames]) };
  }
  return {
    url,
    ...readTerms(given),
    resource: optionalText(given.resource, 'resource'),
    upload: readUpload(given.upload),
  };
}

/** Reads {@link SignUrlsOptions}. */
export function readSignUrls(options: unknown): ReadTerms & { urls: string[]; resource: string | undefined } {
  const given = readOptions<SignUrlsOptions>(options, ['urls', 'resource', ...termNames], 'signUrls');
  const urls = textList(given.urls, 'urls', 'an array of strings');
  return { urls, ...readTerms(given), resource: optionalText(given.resource, 'resource') };
}

/** Cookies, with a policy text of the caller's own or with terms. */
export type ReadCookies = { attributes: string } & (
  | { policy: string }
  | (ReadTerms & { policy?: undefined; resource: string })
);

/** Reads {@link SignCookiesOptions}. */
export function readSignCookies(options: unknown): ReadCookies {
  const given = readOptions<SignCookiesOptions>(
    options,
    ['resource', 'cookie', 'policy', ...termNames],
    'signCookies',
  );
  const attributes = readAttributes(given.cookie);
  if (given.policy !== undefined) {
    return { attributes, policy: ownPolicy(given, ['resource', ...termNames]) };
  }
  return { attributes, resource: requiredText(given.resource, 'resource'), ...readTerms(given) };
}

function readTerms(options: { [Name in keyof Terms]?: unknown }): ReadTerms {
  const now = currentSeconds();
  return {
    expires: toSeconds(options.expires, 'expires', now),
    notBefore: toOptionalSeconds(options.notBefore, 'notBefore', now),
    ipAddress: optionalText(options.ipAddress, 'ipAddress'),
  };
}

/** A policy text says it all: other terms beside it would be ignored, so they are refused. */
function ownPolicy<Name extends string>(
  options: { [Key in Name | 'policy']?: unknown },
  others: readonly Name[],
): string {
  const extra = others.find((name) => options[name] !== undefined);
  if (extra !== undefined) {
    throw new EdgesealError('invalid-argument', `policy and ${extra} do not go together`, {
      field: extra,
      hint: 'write it into the policy text, or leave the policy out',
    });
  }
  return requiredText(options.policy, 'policy');
}

function readUpload(upload: unknown): string | undefined {
  if (upload === undefined) return undefined;
  const given = readOptions<UploadConstraints>(
    upload,
    ['method', 'maxBytes', 'contentType', 'sha256', 'filename'],
    'upload',
  );
  const text = (value: unknown, field: string) =>
    value === undefined ? undefined : requiredText(value, field);
  return JSON.stringify({
    method: text(given.method, 'upload.method') ?? 'PUT',
    maxBytes: optionalCount(given.maxBytes, 'upload.maxBytes'),
    contentType: text(given.contentType, 'upload.contentType'),
    sha256: text(given.sha256, 'upload.sha256'),
    filename: text(given.filename, 'upload.filename'),
  });
}

function readAttributes(cookie: unknown): string {
  if (cookie === undefined) return '{}';
  const given = readOptions<CookieAttributes>(
    cookie,
    ['secure', 'httpOnly', 'sameSite', 'path', 'domain', 'maxAge'],
    'cookie',
  );
  const flag = (value: unknown, field: string) =>
    value === undefined ? undefined : optionalFlag(value, field);
  return JSON.stringify({
    secure: flag(given.secure, 'cookie.secure'),
    httpOnly: flag(given.httpOnly, 'cookie.httpOnly'),
    sameSite: oneOf(given.sameSite, ['Strict', 'Lax', 'None'], 'Lax', 'cookie.sameSite'),
    path: optionalText(given.path, 'cookie.path'),
    domain: optionalText(given.domain, 'cookie.domain'),
    maxAge: optionalCount(given.maxAge, 'cookie.maxAge'),
  });
}
