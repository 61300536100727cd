/** Finds private keys in sources, and lines that nothing should print. */

/** A header, then enough of a body, with whatever string literals put between lines. */
const pem =
  /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----(?:\\[nr]|["'`+,\s]){0,40}(?:[A-Za-z0-9+/=]|\\[nr]|["'`,\s]){40}/g;
/** The same header in base64: RSA, EC, encrypted and plain. */
const wrapped = /LS0tLS1CRUdJTi(?:BSU0Eg|BFQyBQ|BFTkNS|BQUklW)[A-Za-z0-9+/=]{60,}/g;

/** The offsets of private keys in a text. */
export function findPrivateKeys(text: string): number[] {
  return [pem, wrapped].flatMap((pattern) => [...text.matchAll(pattern)].map(({ index }) => index));
}

/** Every repetition has an end, so that no line takes long. */
const telling =
  /PRIVATE KEY|-----BEGIN|(?:secret|passw|passphrase|token|api_?key|private_?key)\w{0,60}["'\])]{0,9}\s{0,40}(?:\?\?|\|\|)?\s{0,40}[:=(,]\s{0,40}["'`]/i;
/** What a terminal may obey. A tab and the ends of lines are harmless. */
const control = /(?![\t\r\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Whether a line may hold a secret, or would reach into a terminal: then it is not printed, not even beside a change. */
export function mustStayHidden(line: string): boolean {
  if (telling.test(line) || control.test(line.replace(/^\ufeff/, ''))) return true;
  return (line.match(/[A-Za-z0-9+/=_-]{24,}/g) ?? []).some(
    (word) => /\d/.test(word) && /[A-Z]/.test(word) && /[a-z]/.test(word),
  );
}
