/** Reading the keys of tests/keys. */
import { readFileSync } from 'node:fs';

const tests = new URL('../../../../tests/', import.meta.url);

/** The text of a key file, by its name with the ending. */
export const keyFile = (name) => readFileSync(new URL(`keys/${name}`, tests), 'utf8');
