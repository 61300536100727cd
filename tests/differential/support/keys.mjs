/** The test keys, as texts. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The path of a test key. */
export const keyPath = (name) => fileURLToPath(new URL(`../../keys/${name}.pem`, import.meta.url));

/** The text of a test key. */
export const readKey = (name) => readFileSync(keyPath(name), 'utf8');

/** The passphrase of every encrypted test key. */
export const passphrase = 'correct-horse';

/** The id that the tests sign with. */
export const keyPairId = 'K2JCJMDEHXQW5F';
