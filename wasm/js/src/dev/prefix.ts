/** The CloudFront Function of the distribution product: lets known paths and methods through and strips the prefix. */
import type { Answer } from './answer.js';

const methods: Readonly<Record<string, readonly string[]>> = {
  upload: ['PUT', 'OPTIONS'],
  download: ['GET', 'HEAD', 'OPTIONS'],
};

/** A refusal of the function. */
export interface PrefixRefusal {
  code: string;
  message: string;
  answer: Answer;
}

/** The path to go on with, or a refusal. */
export function stripPrefix(method: string, uri: string): string | PrefixRefusal {
  const [, prefix, key] = /^\/(upload|download)\/(.+)$/.exec(uri) ?? [];
  if (prefix === undefined || key === undefined) {
    return refusal('path-not-allowed', 'Use /upload/<key> or /download/<key>.');
  }
  if (!methods[prefix]?.includes(method)) {
    return refusal('method-not-allowed', 'This path does not take this method.');
  }
  return `/${key}`;
}

function refusal(code: string, message: string): PrefixRefusal {
  const headers = { 'cache-control': 'no-store', 'content-type': 'application/json' };
  return { code, message, answer: { status: 403, headers, body: JSON.stringify({ code, message }) } };
}
