/** The response headers policy of the distribution product: security headers, and CORS where origins are given. */
import type { ServerResponse } from 'node:http';

/** Pages on other origins: the inputs `CorsAllowedOrigins` and `CorsAllowCredentials` of the products. */
export interface CorsSettings {
  /** Such as `https://app.example.com`, `https://*.example.com` or `*`. */
  origins: readonly string[];
  /** Let pages send cookies. */
  credentials?: boolean;
}

/** Methods that the bucket takes from pages. */
export const corsMethods = ['GET', 'HEAD', 'PUT'] as const;

/** Request headers that pages may set. */
export const corsHeaders = [
  'Content-MD5',
  'Content-Type',
  'Range',
  'x-amz-checksum-sha256',
  'x-amz-content-sha256',
] as const;

/** How long a browser may remember a preflight answer, in seconds. */
export const corsMaxAge = 600;

const security: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/**
 * Sets the headers of the policy on an answer of the origin.
 *
 * `Strict-Transport-Security` is left out: browsers ignore it over HTTP, and behind a TLS proxy of the developer's it
 * would stick to `localhost`.
 */
export function applyPolicy(
  response: ServerResponse,
  cors: CorsSettings | undefined,
  origin: string | undefined,
): void {
  for (const [name, value] of Object.entries(security)) response.setHeader(name, value);
  if (cors === undefined) return;
  response.setHeader('vary', 'Origin');
  const allowed = allowedOrigin(cors, origin);
  if (allowed === undefined) return;
  response.setHeader('access-control-allow-origin', allowed);
  response.setHeader('access-control-expose-headers', 'Accept-Ranges,Content-Length,Content-Range,ETag');
  if (cors.credentials) response.setHeader('access-control-allow-credentials', 'true');
}

/** What to answer a page of an origin, when it is allowed. */
export function allowedOrigin(cors: CorsSettings, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (cors.origins.includes('*')) return '*';
  return cors.origins.some((pattern) => fits(pattern, origin)) ? origin : undefined;
}

function fits(pattern: string, origin: string): boolean {
  const [start, end] = pattern.split('*', 2) as [string, string | undefined];
  if (end === undefined) return pattern === origin;
  return (
    origin.startsWith(start) &&
    origin.endsWith(end) &&
    /^[A-Za-z0-9.-]+$/.test(origin.slice(start.length, origin.length - end.length))
  );
}
