// Every way in which a file can name a module and what it takes from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesIn, inside, withProject } from './support/doctor.mjs';

const aws = '@aws-sdk/cloudfront-signer';
const call = '({ url, keyPairId, privateKey, dateLessThan: 1, algorithm: "SHA256" })';

/** A source in which the call on the last line is one of the AWS signer, as its time in seconds shows. */
const called = [
  ['a named import', `import { getSignedUrl } from '${aws}';\ngetSignedUrl${call}`],
  ['a renamed import', `import { getSignedUrl as sign } from "${aws}"\nsign${call}`],
  ['a namespace', `import * as cf from '${aws}';\ncf.getSignedUrl${call}`],
  ['a default import, by interop', `import cf from '${aws}';\ncf.getSignedUrl${call}`],
  ['default and named', `import cf, { getSignedCookies as c } from '${aws}';\nc${call}`],
  [
    'an import over lines with comments',
    `import {\n  // one\n  getSignedUrl, /* two */\n} from '${aws}';\ngetSignedUrl${call}`,
  ],
  [
    'a type beside a value',
    `import { type CloudfrontSignInput, getSignedUrl } from '${aws}';\ngetSignedUrl${call}`,
  ],
  ['require', `const cf = require('${aws}');\ncf.getSignedUrl${call}`],
  ['require taken apart', `const { getSignedUrl } = require('${aws}');\ngetSignedUrl${call}`],
  ['require taken apart and renamed', `const { getSignedUrl: s, ...rest } = require('${aws}')\ns${call}`],
  ['require of one function', `const sign = require('${aws}').getSignedUrl;\nsign${call}`],
  ['require in place', `\nrequire('${aws}').getSignedUrl${call}`],
  ['require to a name that is there', `let cf;\ncf = require('${aws}');\ncf.getSignedUrl${call}`],
  ['import equals', `import cf = require('${aws}');\ncf.getSignedUrl${call}`],
  ['a dynamic import', `const { getSignedUrl } = await import('${aws}');\ngetSignedUrl${call}`],
  ['a dynamic import in place', `\n(await import('${aws}')).getSignedUrl${call}`],
  ['a dynamic import with then', `import('${aws}').then(({ getSignedUrl: s }) =>\ns${call})`],
  ['a dynamic import with then and a module', `import('${aws}').then((m) =>\nm.getSignedUrl${call})`],
  ['an alias', `import * as cf from '${aws}';\nconst sign = cf.getSignedUrl;\nsign${call}`],
  ['an alias taken apart', `import * as cf from '${aws}';\nconst { getSignedUrl: s } = cf;\ns${call}`],
  ['a call that may be none', `import { getSignedUrl } from '${aws}';\ngetSignedUrl?.${call}`],
  ['a template without expressions as specifier', `const cf = require(\`${aws}\`);\ncf.getSignedUrl${call}`],
];

for (const [what, source] of called) {
  test(`${what} leads to the call`, async () => {
    const last = source.split('\n').length;
    assert.ok((await codesIn(source)).includes(`${last} time-in-seconds`), source);
  });
}

/** Sources in which nothing is named. */
const silent = [
  ['a line comment', `// import { getSignedUrl } from '${aws}'`],
  ['a block comment', `/*\nimport { getSignedUrl } from '${aws}'\n*/`],
  ['a string', `const a = "import { getSignedUrl } from '${aws}'";`],
  ['a template', `const a = \`\nimport { getSignedUrl } from '${aws}';\n\``],
  ['a regular expression', `const a = /import x from '@aws-sdk.cloudfront-signer'/;`],
  ['a list of names', `export const externals = ['${aws}', 'aws-sdk'];`],
  ['another package of like name', `import a from '${aws}-node';\nimport b from 'my-aws-cloudfront-sign';`],
  [
    'the signer of S3',
    `import { getSignedUrl } from '@aws-sdk/s3-request-presigner';\ngetSignedUrl(client, command);`,
  ],
  ['aws-sdk for something else', `import AWS from 'aws-sdk';\nnew AWS.S3().getSignedUrl('getObject', {});`],
  ['a method named require', `loader.require('${aws}')`],
];

for (const [what, source] of silent) {
  test(`${what} is no use of a package`, async () => assert.deepEqual(await codesIn(source), []));
}

test('text inside elements is no import', async () => {
  const source = `export const a = <p title="it's">import x from '${aws}'; require('${aws}') \`</p>;`;
  assert.deepEqual(await codesIn(source, 'a.jsx'), []);
});

test('a function of the same name that is defined here is no call', async () => {
  const source = `import '${aws}';\nclass A { getSignedUrl(a) { return a; } }\nthis.getSignedUrl({ dateLessThan: 1 });`;
  assert.deepEqual(await codesIn(source), ['1 replace-import']);
});

const signers = [
  ['the whole SDK', `import AWS from 'aws-sdk';\nconst s = new AWS.CloudFront.Signer(id, key);`],
  ['a namespace', `import * as AWS from 'aws-sdk';\nconst s = new AWS.CloudFront.Signer(id, key);`],
  [
    'a client of its own',
    `import CloudFront from 'aws-sdk/clients/cloudfront';\nconst s = new CloudFront.Signer(id, key);`,
  ],
  [
    'a client taken apart',
    `const { Signer } = require('aws-sdk/clients/cloudfront');\nconst s = new Signer(id, key);`,
  ],
  [
    'a service taken apart',
    `const { CloudFront } = require('aws-sdk');\nconst s = new CloudFront.Signer(id, key);`,
  ],
  [
    'a class taken apart in two steps',
    `const AWS = require('aws-sdk');const { CloudFront: { Signer: S } } = AWS;\nconst s = new S(id, key);`,
  ],
  [
    'a class of its own name',
    `import { CloudFront } from 'aws-sdk';const { Signer } = CloudFront;\nconst s = new Signer(id, key);`,
  ],
];

for (const [what, source] of signers) {
  test(`version 2 through ${what} leads to the signer and its methods`, async () => {
    const codes = await codesIn(`${source}\nthis.s.getSignedUrl({ url, expires: Date.now() });`);
    assert.ok(codes.includes('2 replace-signer'), String(codes));
    assert.ok(codes.includes('3 time-in-milliseconds'), String(codes));
  });
}

const lines = [
  [`import { getSignedUrl } from "${aws}";`, `import { getSignedUrl } from 'edgeseal/compat';`],
  [
    `import {\n  getSignedUrl, // why\n  getSignedCookies as c,\n} from '${aws}'`,
    `import { getSignedUrl, getSignedCookies as c, } from 'edgeseal/compat'`,
  ],
  [`import '${aws}';`, `import 'edgeseal/compat';`],
  [`export * from '${aws}';`, `export * from 'edgeseal/compat';`],
  [
    `export { getSignedUrl as sign } from '${aws}';`,
    `export { getSignedUrl as sign } from 'edgeseal/compat';`,
  ],
  [`const cf = require('${aws}');`, `const cf = require('edgeseal/compat');`],
  [`const { a, getSignedUrl: b } = await import('${aws}')`, undefined],
  [
    `const { getSignedUrl: b } = await import('${aws}')`,
    `const { getSignedUrl: b } = await import('edgeseal/compat')`,
  ],
  [`import cf from '${aws}';`, undefined],
  [`import { CloudfrontSignInputBase } from '${aws}';`, undefined],
  [`import { getSignedUrl } from '${aws}/dist-es/sign.js';`, undefined],
  [`jest.mock('${aws}')`, `'edgeseal/compat'`],
];

for (const [source, replacement] of lines) {
  test(`${JSON.stringify(source)} ${replacement === undefined ? 'needs a hand' : 'is rewritten'}`, async () => {
    const { examine } = await inside('examine');
    await withProject({ 'a.ts': source }, (folder) => {
      const { findings, byHand, diff } = examine(folder);
      assert.equal(findings[0].code, 'replace-import');
      assert.equal(findings[0].replacement, replacement);
      assert.equal(byHand, replacement === undefined ? 1 : 0);
      assert.equal(diff === '', replacement === undefined);
    });
  });
}
