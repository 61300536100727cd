// Under which names the edge takes requests, and for which names URLs are signed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curl, rules, startEdge } from './support/edge.mjs';

const answered = ({ text }) => /<HostId>/.test(text);

for (const policy of [undefined, rules('standalone'), rules('behind-key-group')]) {
  const with_ = policy === undefined ? 'without rules' : `with ${policy.mode} rules`;

  test(`${with_}, a URL that was signed for the real domain is taken when it stands in for it`, async (t) => {
    const { edge, sign } = await startEdge(t, { policy, origin: 'https://Files.Example.com' });
    assert.equal(edge.origin, 'https://files.example.com');
    const url = sign('/download/none');
    assert.match(url, /^https:\/\/files\.example\.com\/download\/none\?/);

    const { host } = new URL(edge.url);
    const connected = ['--connect-to', `files.example.com:80:${host}`, url.replace('https:', 'http:')];
    assert.ok(answered(await curl(...connected)), 'by name');
    assert.ok(answered(await curl(edge.localUrl(url))), 'by address');
    assert.ok(answered(await curl(edge.localUrl(url).replace('127.0.0.1', 'localhost'))), 'as localhost');
    assert.ok(answered(await curl('-H', 'host: FILES.example.com', edge.localUrl(url))), 'in other letters');
  });

  test(`${with_}, a URL that was signed for http is not taken for https`, async (t) => {
    const { edge } = await startEdge(t, { policy, origin: 'https://files.example.com' });
    const url = edge.signer.signUrl({ url: 'http://files.example.com/download/none', expires: '5m' });
    const { pathname, search } = new URL(url);
    assert.equal(answered(await curl(edge.url + pathname + search)), false);
  });
}

test('a name for local URLs has the port of the edge', async (t) => {
  const { edge, sign } = await startEdge(t, { hostName: 'files.localhost' });
  const { port } = new URL(edge.url);
  assert.equal(edge.origin, `http://files.localhost:${port}`);
  assert.ok(
    answered(await curl('--connect-to', `files.localhost:${port}:127.0.0.1:${port}`, sign('/download/none'))),
  );
  assert.ok(answered(await curl(edge.localUrl(sign('/download/none')))));
});

test('an application may sign for localhost as well as for the address', async (t) => {
  const { edge } = await startEdge(t);
  const url = edge.signer.signUrl({
    url: `${edge.url.replace('127.0.0.1', 'localhost')}/download/none`,
    expires: '5m',
  });
  assert.ok(answered(await curl('--ipv4', url)));
});

for (const host of [
  'evil.example.net',
  '127.0.0.1.evil.example.net',
  'localhost.evil.net:80',
  '',
  '10.0.0.1',
]) {
  test(`a request for ${JSON.stringify(host)} is refused, however it got here`, async (t) => {
    const { edge, decisions } = await startEdge(t);
    const answer = await curl('-H', host === '' ? 'host;' : `host: ${host}`, `${edge.url}/download/a`);
    assert.deepEqual([answer.status, decisions[0].reason], [403, 'unknown-host']);
  });
}

for (const options of [{ origin: 'https://files.example.com' }, { hostName: 'files.localhost' }]) {
  test(`${Object.keys(options)} does not open other names`, async (t) => {
    const { edge, decisions } = await startEdge(t, options);
    await curl('-H', 'host: other.example.com', `${edge.url}/download/a`);
    assert.equal(decisions[0].reason, 'unknown-host');
  });
}

test('a rule for the real host fits a request to the stand-in', async (t) => {
  const policy = rules('standalone');
  for (const rule of policy.rules) rule.host = 'files.example.com';
  const { edge, sign, decisions } = await startEdge(t, { policy, origin: 'https://files.example.com' });
  assert.ok(answered(await curl(edge.localUrl(sign('/download/none')))));
  assert.equal(decisions[0].rule, 'download');
});

test('the viewer has the address of the connection', async (t) => {
  const { sign } = await startEdge(t);
  assert.ok(answered(await curl(sign('/download/none', { ipAddress: '127.0.0.1' }))));
  const spoofed = await curl(
    '-H',
    'x-forwarded-for: 203.0.113.7',
    sign('/download/none', { ipAddress: '203.0.113.7' }),
  );
  assert.equal(spoofed.headers.server, 'CloudFront');
});
