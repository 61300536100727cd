/** `edgeseal cookies`: signs cookies. */
import { type CookieAttributes, Verifier } from '../../index.js';
import { type Command, exitCodes, type Given, UsageError } from '../command.js';
import { signingKeyFields, signingKeyOptions } from '../material.js';
import { present, readTerms, remarkSigned, termFields, termOptions } from '../terms.js';
import { openSigner } from './sign.js';

/** The command. */
export const command: Command = {
  name: 'cookies',
  operands: ['[RESOURCE]'],
  about:
    'Signs cookies that open one URL, or all that a pattern with * and ? covers, and writes Set-Cookie headers to stdout. RESOURCE may be left out only with --policy.',
  options: {
    ...signingKeyOptions,
    ...termOptions,
    domain: { kind: 'value', value: 'NAME', help: 'Domain attribute; the answering host alone by default' },
    path: { kind: 'value', value: 'PATH', help: 'Path attribute; / by default' },
    'same-site': { kind: 'value', value: 'NAME', help: 'Lax (default), Strict or None' },
    'max-age': {
      kind: 'value',
      value: 'SECONDS',
      help: 'lifetime in the browser; until it closes by default',
    },
    'no-secure': { kind: 'switch', help: 'send the cookies over plain HTTP too' },
    'no-http-only': { kind: 'switch', help: 'let scripts in the page read the cookies' },
    header: { kind: 'switch', help: 'write one Cookie request header instead, for curl' },
  },
  examples: [
    [
      'cookies for everything below /video/',
      "edgeseal cookies 'https://files.example.com/video/*' --key key.pem \\\n    --key-pair-id K2JCJMDEHXQW5F --expires 2h --domain files.example.com",
    ],
    [
      'fetch a file with them',
      'curl -H "$(edgeseal cookies --header \'https://files.example.com/a\' \\\n    --key key.pem --expires 5m)" https://files.example.com/a',
    ],
  ],
  fields: {
    ...signingKeyFields,
    ...termFields,
    resource: 'RESOURCE',
    domain: '--domain',
    path: '--path',
    sameSite: '--same-site',
    maxAge: '--max-age',
    cookie: 'cookie options',
  },
  async run(given, io) {
    const [resource] = given.operands;
    const terms = await readTerms(given);
    if (resource === undefined && terms.policy === undefined) {
      throw new UsageError('RESOURCE is missing', 'name the URL or the pattern to open, in quotes');
    }
    const cookie = readAttributes(given);
    const signer = await openSigner(given, io);
    const signed = signer.signCookies({ ...terms, ...present('resource', resource), cookie });
    if (io.json) {
      io.value({ ...signed, keyPairId: signer.keyPairId, algorithm: signer.algorithm, hash: signer.hash });
      return exitCodes.ok;
    }
    const request = { host: 'any', path: '/' };
    remarkSigned(new Verifier({ keys: {} }).explain({ request, cookies: signed.cookieHeader }), signer, io);
    if (given.on('header')) io.line(`Cookie: ${signed.cookieHeader}`);
    else for (const line of signed.setCookie) io.line(`Set-Cookie: ${line}`);
    return exitCodes.ok;
  },
};

const sameSites = ['Lax', 'Strict', 'None'] as const;

function readAttributes(given: Given): CookieAttributes {
  const sameSite = given.text('same-site');
  const known = sameSites.find((name) => name.toLowerCase() === sameSite?.toLowerCase());
  if (sameSite !== undefined && known === undefined) {
    throw new UsageError('--same-site must be Lax, Strict or None');
  }
  const maxAge = given.text('max-age');
  if (maxAge !== undefined && !/^\d{1,10}$/.test(maxAge)) {
    throw new UsageError('--max-age must be a number of seconds');
  }
  return {
    secure: !given.on('no-secure'),
    httpOnly: !given.on('no-http-only'),
    ...present('sameSite', known),
    ...present('maxAge', maxAge === undefined ? undefined : Number(maxAge)),
    ...present('domain', given.text('domain')),
    ...present('path', given.text('path')),
  };
}
