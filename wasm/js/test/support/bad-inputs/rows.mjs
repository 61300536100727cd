/**
 * Rows that several tables share. A row is: what is wrong, what is changed in options that are right (or given in their
 * place), and the code, message and field that must come of it.
 */
import { revokedProxy } from '../hostile.mjs';

export const tooLong = (field) => ['invalid-argument', `${field} is longer than 1048576 characters`, field];
export const halved = (field) => ['invalid-argument', `${field} has half of a surrogate pair`, field];
export const noText = (field) => ['invalid-argument', `${field} must be a non-empty string`, field];
export const unreadable = (call) => [
  'invalid-argument',
  `${call} cannot read its options: a getter or a proxy threw`,
];
export const noKey = (field) => ['invalid-argument', `${field} must be PEM text, or PEM or DER bytes`, field];

/** Rows that hold for whatever takes one object. */
export const everywhere = (call) => [
  ['nothing', undefined, 'invalid-argument', `${call} takes one object with options`],
  ['null', null, 'invalid-argument', `${call} takes one object with options`],
  ['a number', 7, 'invalid-argument', `${call} takes one object with options`],
  ['a revoked proxy', revokedProxy(), ...unreadable(call)],
];
export const strictly = (call, misspelt) => [
  ...everywhere(call),
  ['an array', [], 'invalid-argument', `${call} takes one object with options`],
  [
    'a misspelt option',
    misspelt,
    'invalid-argument',
    `${call} has no option "${Object.keys(misspelt)[0]}"`,
    Object.keys(misspelt)[0],
  ],
];
