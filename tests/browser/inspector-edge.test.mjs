// The inspector with a rule file: what the edge decides, and why.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Signer } from 'edgeseal';
import {
  card,
  example,
  field,
  key,
  openInspector,
  startInspector,
  unfold,
  verdict,
} from './support/inspector.mjs';

const signer = Signer.fromPem({ keyPairId: 'K2JCJMDEHXQW5F', privateKey: key('rsa-pkcs8') });

let inspector;
before(async () => {
  inspector = await startInspector();
});
after(() => inspector.stop());

const onPage = (name, body) =>
  test(name, async () => {
    const { page, done } = await openInspector(inspector);
    await body(page);
    await done();
  });

/** Waits for what the edge decides, and answers what it says. */
async function decision(page, words) {
  const edge = card(page, 'Decision of the edge');
  await edge.locator('.decision', { hasText: words }).waitFor();
  return edge.textContent();
}

onPage('rules refuse an upload that is too large, of a wrong type, or by a wrong method', async (page) => {
  await example(page, 'Upload at the edge');
  assert.match(await decision(page, 'deny: too-large'), /6000000 bytes, 5000000 allowed.*413/);
  await page.getByText('but the rules at the edge refuse this request').waitFor();
  assert.equal(await page.getByRole('status').textContent(), 'allowed. At the edge: deny: too-large.');
  await field(page, 'Size in bytes').fill('4000000');
  assert.match(await decision(page, 'allow'), /goes on as\/holiday\.mp4/);
  await field(page, 'Content type').fill('application/zip');
  assert.match(await decision(page, 'deny: type-not-allowed'), /415/);
  await page.getByRole('combobox', { name: 'Method' }).selectOption('DELETE');
  assert.match(await decision(page, 'deny: method-not-allowed'), /405/);
  await page.getByRole('combobox', { name: 'Method' }).selectOption('PUT');
  await field(page, 'Content type').fill('video/mp4');
  await field(page, 'Size in bytes').fill('');
  assert.match(await decision(page, 'deny: length-required'), /411/);
});

onPage('rules that verify signatures themselves do so with the key of the form', async (page) => {
  await example(page, 'Upload at the edge');
  await field(page, 'Size in bytes').fill('10');
  await decision(page, 'allow');
  const url = await field(page, 'Signed URL').inputValue();
  await field(page, 'Signed URL').fill(url.replace('holiday', 'other'));
  await decision(page, 'deny: bad-signature');
  await field(page, 'Public key').fill('');
  assert.match(await decision(page, 'deny: unknown-key'), /no public key was given/);
});

const behind = `version: 1
mode: behind-key-group
rules:
  - name: download
    path: /download/*
    methods: [GET]
    stripPrefix: /download
`;

onPage('behind a key group CloudFront has the first word', async (page) => {
  await field(page, 'Public key').fill(key('rsa-public'));
  await field(page, 'Signed URL').fill(
    signer.signUrl({ url: 'https://files.example.com/download/a', expires: '5m' }),
  );
  await unfold(page, 'Rules of the edge');
  await field(page, 'Rule file').fill(behind);
  assert.match(await decision(page, 'allow'), /ruledownload.*goes on as\/a/);
  await field(page, 'Public key').fill(key('other-rsa-public'));
  await verdict(page, 'denied: bad-signature');
  assert.match(
    await decision(page, 'allow'),
    /refuses this request \(bad-signature\) before the rules see it/,
  );
});

onPage('method and headers of a pasted curl line reach the rules', async (page) => {
  await unfold(page, 'Rules of the edge');
  await field(page, 'Rule file').fill(
    behind
      .replace('[GET]', '[PUT]')
      .replaceAll('download', 'upload')
      .concat('    upload: { maxBytes: 10, contentTypes: [text/plain] }\n'),
  );
  const url = signer.signUrl({ url: 'https://files.example.com/upload/a', expires: '5m' });
  const line = (bytes) => `curl -X PUT -H 'Content-Type: text/plain' -H 'Content-Length: ${bytes}' '${url}'`;
  await field(page, 'Signed URL').fill(line(5));
  await decision(page, 'allow');
  await field(page, 'Signed URL').fill(line(50));
  await decision(page, 'deny: too-large');
});

onPage('a rule file with errors decides nothing, and each error has its line and its fix', async (page) => {
  await example(page, 'Upload at the edge');
  const rules = await field(page, 'Rule file').inputValue();
  await field(page, 'Rule file').fill(rules.replace('methods: [PUT]', 'methodz: [PUT]'));
  const edge = card(page, 'Decision of the edge');
  await edge.getByText('The rule file has errors, so it decides nothing.').waitFor();
  assert.match(await edge.textContent(), /error line 6, column \d+: .*methodz.*fix: \S/);
});

onPage('a rule file is taken from a file, in JSON too', async (page) => {
  await example(page, 'Upload at the edge');
  const rules = {
    version: 1,
    mode: 'standalone',
    rules: [{ name: 'none', path: '/elsewhere/*', methods: ['GET'] }],
  };
  const buffer = Buffer.from(JSON.stringify(rules));
  await page.setInputFiles('#rules-file', { name: 'edge.json', mimeType: 'application/json', buffer });
  await decision(page, 'deny: no-rule');
});
