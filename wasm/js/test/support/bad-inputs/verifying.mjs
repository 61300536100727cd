/** Wrong inputs of the verifier. */
import { halfPair, throwingGetter } from '../hostile.mjs';
import { keyPairId, privateKey, publicKey } from './calls.mjs';
import { halved, noKey, noText, strictly, unreadable } from './rows.mjs';

export const verifying = {
  'new Verifier': [
    ...strictly('new Verifier', { key: publicKey }),
    ['a getter that throws', throwingGetter('keys'), ...unreadable('new Verifier')],
    [
      'no keys',
      { keys: undefined },
      'invalid-argument',
      'keys must be an object from key-pair id to public key',
      'keys',
    ],
    [
      'a map of keys',
      { keys: new Map([[keyPairId, publicKey]]) },
      'invalid-argument',
      'keys must be an object from key-pair id to public key',
      'keys',
    ],
    [
      'a list of keys',
      { keys: [publicKey] },
      'invalid-argument',
      'keys must be an object from key-pair id to public key',
      'keys',
    ],
    ['a key getter that throws', { keys: throwingGetter(keyPairId) }, ...unreadable('new Verifier')],
    [
      'a key as the id',
      { keys: { [publicKey]: keyPairId } },
      'invalid-key-pair-id',
      'the key-pair id is a PEM key',
      'keyPairId',
    ],
    [
      'a key that is none',
      { keys: { K1: null } },
      'invalid-argument',
      'keys.K1 takes one object with options',
    ],
    ['a number as key', { keys: { K1: 7 } }, ...noKey('keys.K1')],
    [
      'a misspelt switch',
      { keys: { K1: { publicKey, enable: false } } },
      'invalid-argument',
      'keys.K1 has no option "enable"',
      'enable',
    ],
    [
      'a switch that is no switch',
      { keys: { K1: { publicKey, enabled: 'no' } } },
      'invalid-argument',
      'keys.K1.enabled must be true or false',
      'keys.K1.enabled',
    ],
    [
      'a private key',
      { keys: { K1: privateKey } },
      'invalid-key',
      'the PEM block is labelled PRIVATE KEY, which is not what belongs here',
      'publicKey',
    ],
    ['strict as text', { strict: 'yes' }, 'invalid-argument', 'strict must be true or false', 'strict'],
  ],
  ...Object.fromEntries(
    ['verify', 'explain'].map((call) => [
      call,
      [
        ...strictly(call, { ip: '203.0.113.7' }),
        [
          'neither url nor request',
          { url: undefined },
          'invalid-argument',
          `${call} needs either a url or a request`,
          'url',
        ],
        [
          'both url and request',
          { request: { host: 'h', path: '/' } },
          'invalid-argument',
          `${call} needs either a url or a request`,
          'url',
        ],
        [
          'a path',
          { url: '/a' },
          'invalid-url',
          'the URL must start with https:// or http:// and a host',
          'url',
        ],
        ['half a surrogate pair', { url: halfPair }, ...halved('url')],
        [
          'an unknown scheme',
          { url: undefined, request: { scheme: 'ftp', host: 'h', path: '/' } },
          'invalid-argument',
          'scheme must be http or https',
          'scheme',
        ],
        [
          'no host',
          { url: undefined, request: { path: '/' } },
          'invalid-argument',
          'host must be a string',
          'host',
        ],
        [
          'a misspelt part of a request',
          { url: undefined, request: { host: 'h', path: '/', querystring: '' } },
          'invalid-argument',
          'request has no option "querystring"',
          'querystring',
        ],
        [
          'cookies as an object',
          { cookies: {} },
          'invalid-argument',
          'cookies must be a Cookie header or an array of them',
          'cookies',
        ],
        ['an address that is no text', { clientIp: 7 }, ...noText('clientIp')],
        ['a time that is none', { now: 'noon' }, 'invalid-time', 'now is not a time that can be read', 'now'],
        [
          'a time that is an object',
          { now: {} },
          'invalid-time',
          'now must be a Date, a time as text, a duration or epoch seconds',
          'now',
        ],
      ],
    ]),
  ),
};
