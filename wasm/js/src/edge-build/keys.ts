/** The public keys of a bundle: a folder of files named after key-pair ids, or one JSON file. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EdgesealError, guarded } from '../errors.js';
import { checkKeyPairId, PublicKey } from '../wasm/core.js';

/** A public key that CloudFront accepts. */
export interface EdgePublicKey {
  keyPairId: string;
  algorithm: string;
  /** DER SubjectPublicKeyInfo. */
  spki: Uint8Array;
  enabled: boolean;
}

const maxBytes = 65_536;

/**
 * Reads public keys, sorted by id.
 *
 * @param path a folder with a file `<key-pair id>.pem` for each key, or a JSON file that maps ids to PEM texts or to
 * `{"publicKey": PEM, "enabled": false}`
 * @throws {EdgesealError} `invalid-key`, `unsupported-key`, `invalid-key-pair-id` or `invalid-file`, with the file's name
 */
export function readPublicKeys(path: string): EdgePublicKey[] {
  const keys = entries(path).map(({ name, keyPairId, material, enabled }) => {
    guarding(name, () => checkKeyPairId(keyPairId));
    if (/PRIVATE KEY-----/.test(material.toString('latin1'))) {
      throw failure('invalid-key', `${name} is a private key, which has no place at the edge`, {
        hint: 'put the public key there: openssl pkey -in private.pem -pubout',
      });
    }
    const key = guarding(name, () => new PublicKey(material));
    const { algorithm } = key;
    const spki = key.spki();
    key.free();
    return { keyPairId, algorithm, spki, enabled };
  });
  keys.sort((one, other) => (one.keyPairId < other.keyPairId ? -1 : 1));
  const twice = keys.find(({ keyPairId }, index) => keys[index + 1]?.keyPairId === keyPairId);
  if (twice) throw failure('invalid-file', `${path} has two keys with the id ${twice.keyPairId}`);
  return keys;
}

interface Entry {
  /** How to call it in a message. */
  name: string;
  keyPairId: string;
  material: Buffer;
  enabled: boolean;
}

function entries(path: string): Entry[] {
  return reading(path, () => statSync(path).isDirectory()) ? inFolder(path) : inFile(path);
}

function inFolder(folder: string): Entry[] {
  const files = reading(folder, () => readdirSync(folder)).filter((file) => file.endsWith('.pem'));
  if (files.length === 0) {
    throw failure('invalid-file', `${folder} has no file that ends in .pem`, {
      hint: 'name each public key after its key-pair id, such as K2JCJMDEHXQW5F.pem',
    });
  }
  return files.map((file) => {
    const name = join(folder, file);
    const keyPairId = basename(file, '.pem').replace(/\.public$/, '');
    return { name, keyPairId, material: contents(name), enabled: true };
  });
}

function inFile(file: string): Entry[] {
  let table: unknown;
  try {
    table = JSON.parse(
      contents(file)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch (thrown) {
    if (thrown instanceof EdgesealError) throw thrown;
    throw failure('invalid-file', `${file} is neither a folder nor JSON`, {
      hint: 'give a folder with K2JCJMDEHXQW5F.pem, or {"K2JCJMDEHXQW5F": "-----BEGIN PUBLIC KEY-----..."}',
    });
  }
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    throw failure('invalid-file', `${file} must be an object from key-pair ids to public keys`);
  }
  return Object.entries(table).map(([keyPairId, value]) => {
    const name = `${file}: ${keyPairId.slice(0, 40)}`;
    const {
      publicKey,
      enabled = true,
      ...rest
    } = typeof value === 'string' ? { publicKey: value } : record(value);
    if (typeof publicKey !== 'string' || typeof enabled !== 'boolean' || Object.keys(rest).length > 0) {
      throw failure(
        'invalid-file',
        `${name} must be PEM text or {"publicKey": PEM text, "enabled": true or false}`,
      );
    }
    return { name, keyPairId, material: Buffer.from(publicKey), enabled };
  });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function contents(file: string): Buffer {
  const bytes = reading(file, () => readFileSync(file));
  if (bytes.length > maxBytes) throw failure('invalid-file', `${file} is too large to be meant`);
  return bytes;
}

/** Runs a call of the file system. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    throw failure('unreadable-file', `${path} ${missing ? 'does not exist' : 'cannot be read'}`);
  }
}

/** Runs a call into the core and puts the name of the file in front of what it says. */
function guarding<T>(name: string, call: () => T): T {
  try {
    return guarded(call);
  } catch (thrown) {
    const { code, message, hint } = thrown as EdgesealError;
    throw failure(code, `${name}: ${message}`, hint === undefined ? {} : { hint });
  }
}

function failure(code: string, message: string, details: { hint?: string } = {}): EdgesealError {
  return new EdgesealError(code, message, { field: 'keys', ...details });
}
