/** Answers that are small enough to be made whole. */
import { randomBytes } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';

/** One answer. */
export interface Answer {
  status: number;
  /** The words beside the status; HTTP's own when left out. */
  statusText?: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
}

/** Writes an answer; a `HEAD` gets the headers alone. */
export function write(response: ServerResponse, answer: Answer, method: string): void {
  const { status, statusText, headers, body } = answer;
  response.statusCode = status;
  response.statusMessage = statusText ?? STATUS_CODES[status] ?? '';
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204 && status !== 304) response.setHeader('content-length', Buffer.byteLength(body));
  response.end(method === 'HEAD' ? undefined : body);
}

/** An id of the kind that CloudFront and S3 give to requests. */
export function newId(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Text inside an XML or HTML element. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
