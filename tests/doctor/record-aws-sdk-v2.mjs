/**
 * Writes what aws-sdk version 2 answers to the inputs of the tests and to the programs of docs/migrate.md. The package
 * unpacks to 100 MB, so it is not installed with the others:
 *
 *   npm install --prefix FOLDER --ignore-scripts aws-sdk@2.1693.0
 *   node tests/doctor/record-aws-sdk-v2.mjs FOLDER/node_modules
 *
 * Its signatures are RSA over SHA-1, which gives the same bytes in every run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { blocks, runBlock, withKeys } from './support/guide.mjs';
import { brokenByVersion2, expires, plainUrls, policy, reservedUrl } from './support/inputs.mjs';

process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const modules = resolve(process.argv[2] ?? 'node_modules');
const require = createRequire(join(modules, 'x.js'));
const AWS = require('aws-sdk');
const key = readFileSync(new URL('../keys/rsa-pkcs8.pem', import.meta.url), 'utf8');
const signer = new AWS.CloudFront.Signer('K2JCJMDEHXQW5F', key);
const { version } = require('aws-sdk/package.json');

const urls = [...plainUrls, ...brokenByVersion2, reservedUrl];
const [first] = plainUrls;
const texts = { compact: JSON.stringify(policy), spaced: JSON.stringify(policy, null, 2) };
const recorded = {
  package: `aws-sdk@${version}`,
  canned: Object.fromEntries(urls.map((url) => [url, signer.getSignedUrl({ url, expires })])),
  custom: Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, signer.getSignedUrl({ url: first, policy: text })]),
  ),
  cannedCookies: signer.getSignedCookie({ url: first, expires }),
  customCookies: signer.getSignedCookie({ policy: texts.compact }),
  programs: Object.fromEntries(
    blocks
      .filter(({ role, code }) => role === 'before' && code.includes("require('aws-sdk')"))
      .map((block) => [
        block.name,
        { code: block.code, output: withKeys((folder) => runBlock(block, folder), modules) },
      ]),
  ),
};
writeFileSync(new URL('recorded/aws-sdk-v2.json', import.meta.url), `${JSON.stringify(recorded, null, 2)}\n`);
