/** Signing and verifying: this package against the AWS signer, and against the bare operation of node:crypto. */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as aws from '@aws-sdk/cloudfront-signer';
import { Signer, Verifier } from 'edgeseal';
import * as compat from 'edgeseal/compat';

const readKey = (name) => readFileSync(new URL(`../../tests/keys/${name}.pem`, import.meta.url), 'utf8');
const keyPairId = 'K2JCJMDEHXQW5F';
const url = 'https://files.example.com/download/2026/annual-report.pdf?size=large';
const expires = 1_767_290_400;
const kinds = {
  RSA: { privateKey: readKey('rsa-pkcs8'), publicKey: readKey('rsa-public') },
  ECDSA: { privateKey: readKey('ec-pkcs8'), publicKey: readKey('ec-public') },
};

const signerOf = (kind, hash, crypto) =>
  Signer.fromPem({ keyPairId, privateKey: kinds[kind].privateKey, hash, crypto });
const awsInput = (kind, algorithm) => ({
  url,
  keyPairId,
  privateKey: kinds[kind].privateKey,
  algorithm,
  dateLessThan: new Date(expires * 1000),
});

/** Whatever is timed must be good: every answer is judged by a verifier of the same key. */
function checkUrl(kind, contenders) {
  const verifier = new Verifier({ keys: { [keyPairId]: kinds[kind].publicKey } });
  for (const { name, run } of contenders) {
    assert.ok(verifier.verify({ url: run(), now: expires - 1 }).allowed, name);
  }
}

function signUrl(kind, hash) {
  const input = awsInput(kind, hash);
  const [node, wasm] = ['node', 'wasm'].map((crypto) => signerOf(kind, hash, crypto));
  const contenders = [
    { name: '@aws-sdk/cloudfront-signer', run: () => aws.getSignedUrl(input) },
    { name: 'edgeseal/compat', run: () => compat.getSignedUrl(input) },
    { name: 'edgeseal', run: () => node.signUrl({ url, expires }) },
    { name: 'edgeseal, crypto: wasm', run: () => wasm.signUrl({ url, expires }) },
  ];
  return { title: `sign a URL, ${kind}, ${hash}`, contenders, check: () => checkUrl(kind, contenders) };
}

function signCookies() {
  const input = awsInput('RSA', 'SHA1');
  const signer = signerOf('RSA', 'SHA1', 'node');
  const contenders = [
    { name: '@aws-sdk/cloudfront-signer', run: () => aws.getSignedCookies(input) },
    { name: 'edgeseal/compat', run: () => compat.getSignedCookies(input) },
    { name: 'edgeseal', run: () => signer.signCookies({ resource: url, expires }).cookies },
  ];
  const check = () => {
    const signatures = contenders.map(({ run }) => run()['CloudFront-Signature']);
    assert.equal(new Set(signatures).size, 1);
  };
  return { title: 'sign cookies, RSA, SHA1', contenders, check };
}

/** A playlist: the AWS signer signs one policy for each URL, signUrls one for all. */
function signMany() {
  const count = 100;
  const urls = Array.from({ length: count }, (_, index) => `https://files.example.com/video/${index}.ts`);
  const resource = 'https://files.example.com/video/*';
  const policy = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
  const { privateKey } = kinds.RSA;
  const signer = signerOf('RSA', 'SHA1', 'node');
  const contenders = [
    {
      name: '@aws-sdk/cloudfront-signer',
      run: () => urls.map((one) => aws.getSignedUrl({ url: one, policy, keyPairId, privateKey })),
    },
    { name: 'edgeseal, signUrls', run: () => signer.signUrls({ urls, resource, expires }) },
  ];
  const check = () => {
    const [theirs, ours] = contenders.map(({ run }) =>
      run().map((one) => new URL(one).searchParams.get('Signature')),
    );
    assert.deepEqual(ours, theirs);
  };
  return { title: `sign ${count} URLs with one wildcard policy, RSA, SHA1`, contenders, check };
}

function verifyUrl(kind) {
  const signed = signerOf(kind, 'SHA256', 'node').signUrl({ url, expires });
  const key = createPublicKey(kinds[kind].publicKey);
  const encoded = new URL(signed).searchParams.get('Signature');
  const signature = Buffer.from(
    encoded.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'),
    'base64',
  );
  const message = Buffer.from(
    `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`,
  );
  const verifierOf = (crypto) => new Verifier({ keys: { [keyPairId]: kinds[kind].publicKey }, crypto });
  const [node, wasm] = [verifierOf('node'), verifierOf('wasm')];
  const now = expires - 1;
  const contenders = [
    { name: 'crypto.verify alone', run: () => verify('sha256', message, key, signature) },
    { name: 'edgeseal', run: () => node.verify({ url: signed, now }).allowed },
    { name: 'edgeseal, crypto: wasm', run: () => wasm.verify({ url: signed, now }).allowed },
  ];
  const check = () => {
    for (const { name, run } of contenders) assert.equal(run(), true, name);
  };
  return { title: `verify a URL, ${kind}, SHA256`, contenders, check };
}

/** @type {import('../../scripts/lib/bench/measure.mjs').Bench} */
export default {
  title: 'Signing and verifying',
  groups: [
    signUrl('RSA', 'SHA1'),
    signUrl('RSA', 'SHA256'),
    signUrl('ECDSA', 'SHA256'),
    signCookies(),
    signMany(),
    verifyUrl('RSA'),
    verifyUrl('ECDSA'),
  ],
};
