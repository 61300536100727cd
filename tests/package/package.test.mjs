// The package as its users get it: packed, installed in an empty folder without the network, and used from there.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { installPacked, run } from './support/install.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const readKey = (name) => readFileSync(new URL(`../keys/${name}.pem`, import.meta.url), 'utf8');
let installed;

before(() => {
  installed = installPacked();
  for (const name of ['ec-pkcs8', 'ec-public'])
    writeFileSync(join(installed.project, `${name}.pem`), readKey(name));
});
after(() => installed?.remove());

const node = (...args) => run(process.execPath, args, { cwd: installed.project });
const manifest = () =>
  JSON.parse(readFileSync(join(installed.project, 'node_modules/edgeseal/package.json'), 'utf8'));

const use = `
  const signer = Signer.fromPem({ keyPairId: 'K1', privateKey: readFileSync('ec-pkcs8.pem') });
  const url = signer.signUrl({ url: 'https://files.example.com/a', expires: '15m' });
  const verifier = new Verifier({ keys: { K1: readFileSync('ec-public.pem') } });
  console.log(verifier.verify(url).allowed, verifier.verify(url + '1').allowed, typeof getSignedUrl);
`;

test('an ES module imports it', () => {
  const { stdout, stderr } = node(
    '--input-type=module',
    '--eval',
    `import { readFileSync } from 'node:fs';
     import { Signer, Verifier } from 'edgeseal';
     import { getSignedUrl } from 'edgeseal/compat';${use}`,
  );
  assert.equal(stdout, 'true false function\n', stderr);
});

test('a CommonJS module requires it', () => {
  const { stdout, stderr } = node(
    '--input-type=commonjs',
    '--eval',
    `const { readFileSync } = require('node:fs');
     const { Signer, Verifier } = require('edgeseal');
     const { getSignedUrl } = require('edgeseal/compat');${use}`,
  );
  assert.equal(stdout, 'true false function\n', stderr);
});

test('every entry can be imported and required, and both ways export the same names', () => {
  const entries = Object.keys(manifest().exports).filter((entry) => !/\.(?:json|wasm)$/.test(entry));
  assert.ok(entries.includes('.') && entries.includes('./compat'));
  for (const entry of entries) {
    const name = join('edgeseal', entry);
    const list = 'Object.keys(it).filter((name) => name !== "default").sort().join()';
    const imported = node(
      '--input-type=module',
      '--eval',
      `const it = await import('${name}'); console.log(${list})`,
    );
    const required = node(
      '--input-type=commonjs',
      '--eval',
      `const it = require('${name}'); console.log(${list})`,
    );
    assert.equal(imported.status, 0, imported.stderr);
    assert.ok(imported.stdout.trim().length > 0, name);
    assert.equal(required.stdout, imported.stdout, required.stderr);
  }
});

test('nothing behind the entries can be reached', () => {
  for (const inside of ['edgeseal/dist/esm/index.js', 'edgeseal/wasm/core']) {
    assert.match(
      node('--input-type=module', '--eval', `await import('${inside}')`).stderr,
      /ERR_PACKAGE_PATH_NOT_EXPORTED/,
    );
  }
});

const program = `
import { EdgesealError, Signer, Verifier, type Explanation, type Verdict } from 'edgeseal';
import { getSignedCookies, type CloudfrontSignInput } from 'edgeseal/compat';

const signer: Signer = Signer.fromPem({ keyPairId: 'K1', privateKey: new Uint8Array() });
const url: string = signer.signUrl({ url: 'https://h.example/', expires: new Date(), upload: { maxBytes: 1 } });
const verifier = new Verifier({ keys: { K1: 'pem' }, strict: true });
const verdict: Verdict = verifier.verify({ url, clientIp: '203.0.113.7' });
export const left: number | string = verdict.allowed ? verdict.remainingSeconds : verdict.reason;
const explanation: Explanation = verifier.explain(url);
export const fixes: string[] = explanation.causes.map(({ fix }) => fix);
const input: CloudfrontSignInput = { keyPairId: 'K1', privateKey: 'pem', url, dateLessThan: 1 };
export const signature: string = getSignedCookies(input)['CloudFront-Signature'];
export const code = (error: unknown): string | undefined => (error instanceof EdgesealError ? error.code : undefined);

// @ts-expect-error: a misspelt option
signer.signUrl({ url, expire: '1h' });
// @ts-expect-error: the URL is missing
signer.signUrl({ expires: '1h' });
// @ts-expect-error: a verdict must be looked at before it is used
export const reason: string = verdict.reason;
`;

for (const [file, kind] of [
  ['program.mts', 'an ES module'],
  ['program.cts', 'a CommonJS module'],
]) {
  test(`${kind} in strict TypeScript compiles against it, and misuse does not`, () => {
    writeFileSync(join(installed.project, file), program);
    const options =
      '--strict --noEmit --module nodenext --moduleResolution nodenext --target es2022 --lib es2022 --exactOptionalPropertyTypes'.split(
        ' ',
      );
    const { status, stdout } = run(bin('tsc'), [...options, file], { cwd: installed.project });
    assert.equal(status, 0, stdout);
  });
}

test('npx runs the command line, and every command in it explains itself', () => {
  const help = run('npx', ['--offline', 'edgeseal', '--help'], { cwd: installed.project });
  assert.equal(help.status, 0, help.stderr);
  const commands = [...help.stdout.matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)].map(([, name]) => name);
  assert.ok(['keygen', 'sign', 'cookies', 'verify', 'explain'].every((name) => commands.includes(name)));
  const program = join(installed.project, 'node_modules/.bin/edgeseal');
  for (const command of commands) {
    const { status, stdout, stderr } = run(program, [...command.split(' '), '--help'], {
      cwd: installed.project,
    });
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`Usage: edgeseal ${command} `));
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `${command}: ${line}`);
  }
});

test('the installed command line finds the page of the inspector', () => {
  const { project } = installed;
  const program = join(project, 'node_modules/.bin/edgeseal');
  const { status, stdout, stderr } = run(program, ['inspect', '--out', 'page', '--json'], { cwd: project });
  assert.equal(status, 0, stderr);
  const { files } = JSON.parse(stdout);
  for (const file of ['index.html', 'inspector/app.js', 'bytes/core.js'])
    assert.ok(files.includes(file), file);
});

test('the tarball holds what it should and nothing else', () => {
  const { files } = installed;
  const allowed = [
    /^(?:LICENSE|README\.md|package\.json)$/,
    /^schema\/[a-z-]+\.schema\.json$/,
    // The WebAssembly modules: for Node and browsers, for workerd, and for edge bundles.
    /^dist\/bytes\/(?:[a-z]+\.js|package\.json)$/,
    /^dist\/workerd\/[a-z]+\.wasm$/,
    /^dist\/wasm\/[a-z]+-(?:bytes|brotli)\.cjs$/,
    // Entries for browsers and for workerd, and what they share.
    /^dist\/(?:web|workerd)\/(?:[a-z]+|chunk-[A-Z0-9]{8})\.js$/,
    // The inspector's page.
    /^dist\/inspector\/(?:app\.js|files\.json|icon\.svg|page\.html|[a-z]+\.css)$/,
    // Libraries that are packed in, and their licences.
    /^dist\/vendor\/[a-z-]+\.cjs$/,
    /^dist\/THIRD-PARTY-NOTICES\.md$/,
    // The WebAssembly component: jco's JavaScript and modules, the entries around them, and declarations.
    /^dist\/component\/(?:[a-z]+\.js|(?:interfaces\/)?[a-z-]+\.d\.ts|edgeseal\.core[23]?\.wasm)$/,
    /^dist\/esm\/(?:[a-z-]+\/){0,3}[a-z-]+\.(?:js|d\.ts|html)$/,
    /^dist\/cjs\/(?:[a-z-]+\/){0,3}[a-z-]+\.(?:cjs|d\.cts)$/,
  ];
  const strange = files.filter(({ path }) => !allowed.some((pattern) => pattern.test(path)));
  assert.deepEqual(
    strange.map(({ path }) => path),
    [],
  );
  for (const path of ['LICENSE', 'README.md', 'package.json'])
    assert.ok(
      files.some((file) => file.path === path),
      path,
    );
  const executable = files.filter(({ mode }) => (mode & 0o111) !== 0).map(({ path }) => path);
  assert.deepEqual(executable, ['dist/esm/cli/main.js']);
  for (const { path } of files) {
    const text = readFileSync(join(installed.project, 'node_modules/edgeseal', path), 'utf8');
    assert.ok(!text.includes(root), `${path} names the folder it was built in`);
    assert.doesNotMatch(text, /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n/, path);
  }
});

test('it brings along no other package and no install script, and asks for none that it can do without', () => {
  const {
    dependencies,
    optionalDependencies,
    scripts,
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = manifest();
  assert.deepEqual([dependencies, optionalDependencies, scripts], [undefined, undefined, undefined]);
  const asked = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  assert.deepEqual(asked, []);
  assert.deepEqual(
    readdirSync(join(installed.project, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['edgeseal'],
  );
});

// npm refuses a package with provenance whose manifest names another repository than the one that built it, or none.
test('it names the repository and the folder that it is built from', () => {
  const [, home] = /^repository = "(.+)"$/m.exec(readFileSync(join(root, 'Cargo.toml'), 'utf8'));
  const { url, directory } = manifest().repository;
  assert.equal(url, `git+${home}.git`);
  const { name } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
  assert.equal(name, manifest().name);
});

/** The most that each part may have, packed, in kB. ARCHITECTURE.md says what takes it and why. */
const ceilings = [
  [/^dist\/bytes\//, 700],
  [/^dist\/workerd\//, 580],
  [/^dist\/component\//, 330],
  [/^dist\/wasm\//, 95],
  [/^dist\/web\//, 25],
  [/^dist\/vendor\//, 60],
  [/^dist\/inspector\//, 25],
  [/./, 420],
];

test('the tarball is no larger than it has to be, part by part', (t) => {
  const parts = ceilings.map(() => 0);
  for (const { path } of installed.files) {
    const bytes = readFileSync(join(installed.project, 'node_modules/edgeseal', path));
    parts[ceilings.findIndex(([pattern]) => pattern.test(path))] += gzipSync(bytes, { level: 9 }).length;
  }
  for (const [index, [pattern, ceiling]] of ceilings.entries()) {
    t.diagnostic(`${pattern}: ${Math.ceil(parts[index] / 1000)} kB packed`);
    assert.ok(parts[index] > 0, `${pattern} matches no file`);
    assert.ok(parts[index] <= ceiling * 1000, `${pattern} has ${parts[index]} bytes, packed`);
  }
  const { size } = statSync(installed.tarball);
  t.diagnostic(`the tarball: ${Math.ceil(size / 1000)} kB`);
  assert.ok(size <= 2_000_000, `the tarball has ${size} bytes`);
});

test('the notices name every library and every crate that is packed in, and repeat what must be repeated', () => {
  const text = readFileSync(
    join(installed.project, 'node_modules/edgeseal/dist/THIRD-PARTY-NOTICES.md'),
    'utf8',
  );
  for (const name of ['fflate', 'send']) assert.match(text, new RegExp(`^## ${name} \\d`, 'm'));
  const crates = [...text.matchAll(/^- (\S+) \d+\.\d+\.\d+\S*: (.+)$/gm)].map(([, name, licence]) => ({
    name,
    licence,
  }));
  for (const name of [
    'der',
    'p256',
    'rsa',
    'saphyr-parser',
    'serde_json',
    'sha2',
    'wasm-bindgen',
    'x509-cert',
  ])
    assert.ok(
      crates.some((crate) => crate.name === name),
      name,
    );
  for (const { name, licence } of crates) {
    if (/Apache-2\.0/.test(licence) && !/ AND /.test(licence)) continue;
    assert.match(text, new RegExp(`^### ${name} \\S+: `, 'm'), `${name} is under ${licence}`);
  }
});

test('publint finds nothing', () => {
  const { status, stdout, stderr } = run(bin('publint'), [installed.tarball, '--strict'], { cwd: root });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /All good!/);
});

const esModulesAlone = ['--exclude-entrypoints', 'component', 'component/instantiate'];

// The resolution of Node 10 knows no "exports". Nothing that can run this package (Node 20 and newer) uses it, and
// TypeScript has dropped it, so the entries are not repeated for it. The component is an ES module alone, which `require`
// takes from Node 20.19 on; tests/component compiles and requires it.
test('the types resolve from ES modules, from CommonJS and from bundlers', () => {
  const { status, stdout, stderr } = run(
    bin('attw'),
    [installed.tarball, '--profile', 'node16', '--no-color', '--no-emoji', ...esModulesAlone],
    { cwd: root },
  );
  assert.equal(status, 0, stdout + stderr);
});

test('the file that package.json calls the command line is there', () => {
  const path = createRequire(join(installed.project, 'x.js')).resolve('edgeseal/package.json');
  assert.match(readFileSync(join(path, '..', manifest().bin.edgeseal), 'utf8'), /^#!\/usr\/bin\/env node\n/);
});
