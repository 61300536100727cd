/** The private key secret: which texts it takes, and the JSON it makes of them, worked out from the template itself. */
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { allVersions, readVersion } from '../../products/tools/lib/products.mjs';

const generate = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
};
const pems = {
  'RSA, PKCS #8': generate.rsa().export({ type: 'pkcs8', format: 'pem' }),
  'RSA, PKCS #1': generate.rsa().export({ type: 'pkcs1', format: 'pem' }),
  'ECDSA, PKCS #8': generate.ec().export({ type: 'pkcs8', format: 'pem' }),
  'ECDSA, SEC 1': generate.ec().export({ type: 'sec1', format: 'pem' }),
};
const somePem = pems['RSA, PKCS #8'];

/** What CloudFormation does with the functions that the template uses. */
function evaluate(node, template, parameters) {
  const next = (inner) => evaluate(inner, template, parameters);
  if (typeof node === 'string') return node;
  if ('Ref' in node) return parameters[node.Ref];
  if ('Fn::Split' in node) return next(node['Fn::Split'][1]).split(node['Fn::Split'][0]);
  if ('Fn::Join' in node) return next(node['Fn::Join'][1]).join(node['Fn::Join'][0]);
  if ('Fn::If' in node) {
    const [name, yes, no] = node['Fn::If'];
    return next(holds(template.Conditions[name], parameters) ? yes : no);
  }
  const [text, variables = {}] = [node['Fn::Sub']].flat();
  return text.replace(/\$\{(\w+)\}/g, (_, name) =>
    name in variables ? next(variables[name]) : parameters[name],
  );
}

function holds(condition, parameters) {
  if (condition['Fn::Not']) return !holds(condition['Fn::Not'][0], parameters);
  const [left, right] = condition['Fn::Equals'].map((side) =>
    typeof side === 'string' ? side : parameters[side.Ref],
  );
  return left === right;
}

for (const { version } of allVersions().filter(({ product }) => product === 'private-key-secret')) {
  const template = readVersion('private-key-secret', version);
  const { AllowedPattern, MaxLength } = template.Parameters.PrivateKey;
  const takes = (text) => new RegExp(`^(?:${AllowedPattern})$`).test(text) && text.length <= MaxLength;
  const secret = (PrivateKey, more = {}) =>
    JSON.parse(
      evaluate(template.Resources.Secret.Properties.SecretString, template, {
        PrivateKey,
        KeyPairId: '',
        Algorithm: '',
        ...more,
      }),
    );

  for (const [kind, pem] of Object.entries(pems)) {
    const forms = {
      'with line feeds': pem,
      'with Windows line ends': pem.replaceAll('\n', '\r\n'),
      'with escaped line feeds': pem.replaceAll('\n', '\\n'),
      'without the last line feed': pem.trimEnd(),
    };
    for (const [form, text] of Object.entries(forms)) {
      test(`${version}: ${kind} ${form} is taken and comes out as the same key`, () => {
        assert.ok(takes(text));
        const { privateKey } = secret(text);
        assert.deepEqual(
          createPrivateKey(privateKey).export({ format: 'jwk' }),
          createPrivateKey(pem).export({ format: 'jwk' }),
        );
      });
    }

    test(`${version}: ${kind} as base64 is taken and stays base64`, () => {
      const text = Buffer.from(pem).toString('base64');
      assert.ok(takes(text));
      assert.equal(Buffer.from(secret(text).privateKey, 'base64').toString(), pem);
    });
  }

  const refused = {
    'a PEM that lost its line feeds': somePem.replaceAll('\n', ''),
    'a PEM whose line feeds became blanks': somePem.replaceAll('\n', ' '),
    'an encrypted key': generate
      .rsa()
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    'a public key': generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
      type: 'spki',
      format: 'pem',
    }),
    'a quote that would end the JSON text': somePem.replace('\n', '\n","keyPairId":"K1","x":"'),
    'another escape than a line end': somePem.replace('\n', '\n\\u0022'),
    'a secret reference': '{{resolve:secretsmanager:other-secret}}',
    'base64 over several lines': Buffer.from(somePem).toString('base64').replace(/.{64}/g, '$&\n'),
    nothing: '',
  };
  for (const [what, text] of Object.entries(refused)) {
    test(`${version}: ${what} is refused`, () => {
      assert.equal(takes(text), false);
    });
  }

  test(`${version}: key pair id and algorithm stand beside the key when they are given`, () => {
    assert.deepEqual(Object.keys(secret(somePem)), ['privateKey']);
    const { privateKey, ...rest } = secret(somePem, { KeyPairId: 'K2JCJMDEHXQW5F', Algorithm: 'RSA-2048' });
    assert.equal(privateKey, somePem);
    assert.deepEqual(rest, { keyPairId: 'K2JCJMDEHXQW5F', algorithm: 'RSA-2048' });
  });

  test(`${version}: whatever the pattern takes makes valid JSON with nothing but the key in it`, () => {
    const body = fc.string({
      unit: fc.constantFrom(...'AZaz09+/=', '\n', '\r', ' ', '\\n', '\\r', '\\', '"', '{', '\t'),
      maxLength: 200,
    });
    const eol = fc.constantFrom('\n', '\\n', '\r\n', '', ' ');
    fc.assert(
      fc.property(body, eol, eol, (text, first, last) => {
        const key = `-----BEGIN PRIVATE KEY-----${first}${text}-----END PRIVATE KEY-----${last}`;
        if (takes(key)) assert.deepEqual(Object.keys(secret(key)), ['privateKey']);
      }),
      { seed: 20261124, numRuns: 2000 },
    );
  });
}
