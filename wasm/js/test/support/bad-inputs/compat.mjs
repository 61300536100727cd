/** Wrong inputs of the drop-in for the AWS signer. */
import { throwingGetter } from '../hostile.mjs';
import { url } from './calls.mjs';
import { everywhere, halved, noKey, unreadable } from './rows.mjs';

export const compat = {
  ...Object.fromEntries(
    ['getSignedUrl', 'getSignedCookies'].map((call) => [
      call,
      [
        ...everywhere(call),
        ['a getter that throws', throwingGetter('url'), ...unreadable(call)],
        [
          'no key-pair id',
          { keyPairId: undefined },
          'invalid-argument',
          'keyPairId must be a string',
          'keyPairId',
        ],
        ['half a surrogate pair as id', { keyPairId: '\ud800' }, ...halved('keyPairId')],
        ['no key', { privateKey: undefined }, ...noKey('privateKey')],
        [
          'a passphrase that is no text',
          { passphrase: 7 },
          'invalid-argument',
          'passphrase must be a string',
          'passphrase',
        ],
        [
          'no date',
          { dateLessThan: undefined },
          'invalid-time',
          'dateLessThan is not a date that the Date constructor takes',
          'dateLessThan',
        ],
        [
          'a date that is an object',
          { dateLessThan: {} },
          'invalid-time',
          'dateLessThan must be a Date, a string or a number',
          'dateLessThan',
        ],
        [
          'a date before 1970',
          { dateLessThan: '1969-01-01' },
          'invalid-time',
          'dateLessThan is before 1970',
          'dateLessThan',
        ],
        [
          'an unknown algorithm',
          { algorithm: 'sha256' },
          'invalid-argument',
          'algorithm must be SHA1 or SHA256',
          'algorithm',
        ],
        ['an object as url', { url: new URL(url) }, 'invalid-argument', 'url must be a string', 'url'],
        ['a path', { url: '/a' }, 'invalid-url', 'the URL must start with https:// or http://', 'url'],
        [
          'an address with three numbers',
          { ipAddress: '10.0.0' },
          'invalid-ip',
          'the IP address cannot be used: it is not an IPv4 address or an IPv4 range such as 192.0.2.0/24',
          'ipAddress',
        ],
      ],
    ]),
  ),
};
