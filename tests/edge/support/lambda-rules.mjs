/** What Lambda@Edge accepts from a viewer-request function. Source: *Restrictions on edge functions*, CloudFront Developer Guide. */
import assert from 'node:assert/strict';

const disallowed =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|transfer-encoding|upgrade|via|x-accel-.*|x-amz-cf-.*|x-amzn-(?:auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;
const readOnly = ['content-length', 'host', 'transfer-encoding', 'via'];
const longestResponse = 40 * 1024;

/** Fails unless CloudFront would take a response that the function made. */
export function assertResponse(answer) {
  const known = ['status', 'statusDescription', 'headers', 'body', 'bodyEncoding'];
  for (const name of Object.keys(answer))
    assert.ok(known.includes(name), `${name} is no field of a response`);
  assert.match(answer.status, /^[2-5]\d\d$/);
  assert.equal(typeof answer.statusDescription, 'string');
  assertHeaders(answer.headers);
  for (const name of Object.keys(answer.headers)) assert.doesNotMatch(name, disallowed);
  if (answer.body !== undefined) {
    assert.equal(answer.bodyEncoding, 'text');
    assert.equal(typeof answer.body, 'string');
  }
  assert.ok(JSON.stringify(answer).length <= longestResponse, 'the response is longer than 40 KB');
}

function assertHeaders(headers) {
  for (const [name, entries] of Object.entries(headers)) {
    assert.equal(name, name.toLowerCase());
    assert.ok(Array.isArray(entries) && entries.length > 0, name);
    for (const { key, value } of entries) {
      assert.equal(key.toLowerCase(), name);
      assert.match(value, /^[\x20-\x7e]*$/, `${name} must be printable`);
    }
  }
}

/** Fails unless CloudFront would go on with a request that the function passed on. */
export function assertRequest(passed, original) {
  assert.match(passed.uri, /^\//);
  assert.ok(passed.uri.length + passed.querystring.length < 8192);
  for (const text of [passed.uri, passed.querystring]) assert.doesNotMatch(text, /[\s\p{Cc}#]/u);
  assert.equal(passed.method, original.method);
  assert.equal(passed.clientIp, original.clientIp);
  assert.deepEqual(passed.body, original.body);
  for (const name of readOnly) assert.deepEqual(passed.headers[name], original.headers[name], name);
  const known = Object.keys(original.headers);
  for (const name of Object.keys(passed.headers)) assert.ok(known.includes(name), `${name} was added`);
}
