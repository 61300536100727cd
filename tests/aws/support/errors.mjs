// What a call refused, and proof that no key is in it.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { EdgesealError } from 'edgeseal/aws';

/** The typed error that a call threw. */
export async function refusal(promise) {
  const error = await promise.then(
    (value) => assert.fail(`it should have been refused, and answered ${inspect(value)}`),
    (thrown) => thrown,
  );
  assert.ok(error instanceof EdgesealError, inspect(error));
  return error;
}

/** Everything that can be read out of a value. */
export function everythingIn(value) {
  const own = value instanceof Error ? { ...value, message: value.message, stack: value.stack } : value;
  return inspect(own, { depth: 20, showHidden: true, getters: true, maxStringLength: null });
}

/** Fails when 24 characters in a row of the body of a PEM are in a text, as they are or in base64. */
export function holdsNoKey(text, pem) {
  const body = pem.replace(/-----[^-]+-----|\s|\\n/g, '');
  const encoded = Buffer.from(pem).toString('base64');
  for (const secret of [body, encoded]) {
    for (let at = 0; at + 24 <= secret.length; at += 1) {
      assert.ok(!text.includes(secret.slice(at, at + 24)), `key material at ${at}`);
    }
  }
}
