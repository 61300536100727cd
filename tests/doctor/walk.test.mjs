// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rows are sources of programs
// What the doctor reads and what it leaves alone: links, large files, folders of tools, anything that is no text.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { seed } from '../differential/support/runs.mjs';
import { doctor, inside, withProject } from './support/doctor.mjs';

const { examine } = await inside('examine');
const { leftOut } = await inside('walk');
const use = "import '@aws-sdk/cloudfront-signer';\n";
const filesWith = (report) => report.findings.map(({ file }) => file);

test('folders of tools are left out, at every depth', () =>
  withProject({ 'src/a.js': use }, (folder) => {
    for (const name of leftOut) {
      for (const base of [folder, join(folder, 'packages', 'one')]) {
        mkdirSync(join(base, name), { recursive: true });
        writeFileSync(join(base, name, 'b.js'), use);
      }
    }
    assert.deepEqual(filesWith(examine(folder)), ['src/a.js']);
  }));

test('a link is not followed, neither out of the folder nor in a circle', () =>
  withProject({ 'src/a.js': use }, (folder) => {
    const outside = mkdtempSync(join(tmpdir(), 'edgeseal-outside-'));
    try {
      writeFileSync(join(outside, 'secret.js'), use);
      symlinkSync(outside, join(folder, 'out'));
      symlinkSync(join(outside, 'secret.js'), join(folder, 'secret.js'));
      symlinkSync(folder, join(folder, 'src', 'circle'));
      symlinkSync('nowhere', join(folder, 'dangling.js'));
      const report = examine(folder);
      assert.deepEqual(filesWith(report), ['src/a.js']);
      assert.deepEqual(report.skipped.map(({ file, reason }) => `${file} ${reason}`).sort(), [
        'dangling.js link',
        'out link',
        'secret.js link',
        'src/circle link',
      ]);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  }));

test('a folder that is named by a link is looked at', () =>
  withProject({ 'real/a.js': use }, (folder) => {
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    assert.match(doctor([join(folder, 'link')]).stdout, /^a\.js:1:1/);
  }));

test('a large file, a binary one, and a pipe are passed over, and said', () =>
  withProject(
    { 'large.js': use.padEnd(1_048_577), 'just.js': use.padEnd(1_048_576), 'binary.js': `${use}\0` },
    (folder) => {
      spawnSync('mkfifo', [join(folder, 'pipe.js')]);
      assert.ok(statSync(join(folder, 'pipe.js')).isFIFO());
      const report = examine(folder);
      assert.deepEqual(filesWith(report), ['just.js']);
      assert.deepEqual(report.skipped, [
        { file: 'binary.js', reason: 'binary' },
        { file: 'large.js', reason: 'too-large' },
      ]);
      assert.match(
        doctor([folder]).stdout.replaceAll('\n', ' '),
        /1 file read, 2 not \(too large, binary or unreadable\)\./,
      );
    },
  ));

test('a file that may not be read is said, and the rest is read', { skip: process.getuid?.() === 0 }, () =>
  withProject({ 'a.js': use, 'b.js': use }, (folder) => {
    chmodSync(join(folder, 'a.js'), 0);
    const report = examine(folder);
    assert.deepEqual(filesWith(report), ['b.js']);
    assert.deepEqual(report.skipped, [{ file: 'a.js', reason: 'unreadable' }]);
  }),
);

test('what is no source is not searched', () =>
  withProject({ 'a.md': use, 'b.json': JSON.stringify(use), 'c.vue': use, 'd.pyc': use }, (folder) => {
    const report = examine(folder);
    assert.deepEqual([report.findings, report.filesRead], [[], 0]);
  }));

test('no code of the project runs, and nothing is written', () =>
  withProject(
    {
      'package.json': JSON.stringify({
        dependencies: { 'aws-cloudfront-sign': '3' },
        scripts: { prepare: 'touch ran' },
      }),
      'a.mjs': `${use}import { writeFileSync } from 'node:fs';\nwriteFileSync('ran', '');\n`,
      'edgeseal.config.js': "require('node:fs').writeFileSync('ran', '');",
    },
    (folder) => {
      const before = statSync(folder).mtimeMs;
      for (const args of [[], ['--json'], ['--diff'], ['--check']]) doctor(args, { cwd: folder });
      assert.throws(() => statSync(join(folder, 'ran')), { code: 'ENOENT' });
      assert.equal(statSync(folder).mtimeMs, before);
    },
  ));

test('a folder that is none is refused with what to do', () => {
  for (const [path, message] of [
    ['/nowhere/at/all', 'there is no folder /nowhere/at/all'],
    [new URL(import.meta.url).pathname, 'is no folder'],
  ]) {
    const { code, stdout, stderr } = doctor([path]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.ok(stderr.replaceAll(/\s+/g, ' ').includes(message), stderr);
  }
  assert.match(doctor(['--chek']).stderr, /did you mean --check\?/);
});

test('names of files cannot give orders to a terminal', () =>
  withProject({ '\u001b[31mred.js': use, 'a\nb.js': use }, (folder) => {
    const { stdout } = doctor([folder]);
    assert.match(stdout, /^\\u\{1b\}\[31mred\.js:1:1/m);
    assert.match(stdout, /^a\\u\{a\}b\.js:1:1/m);
  }));

test('versions are read from each kind of lock file', async () => {
  const { lockedVersions } = await inside('manifest');
  const rows = [
    [
      'package-lock.json',
      '{"packages":{"node_modules/@aws-sdk/cloudfront-signer":{"version":"3.1.2"},"node_modules/a/node_modules/@aws-sdk/cloudfront-signer":{\n"version": "3.1.3"}}}',
    ],
    [
      'package-lock.json',
      '{"dependencies":{"@aws-sdk/cloudfront-signer":{"version":"3.1.2"}, "b":{"dependencies":{"@aws-sdk/cloudfront-signer":{"version":"3.1.3"}}}}}',
    ],
    [
      'yarn.lock',
      '"@aws-sdk/cloudfront-signer@^3.1.0", "@aws-sdk/cloudfront-signer@^3.1.2":\n  version "3.1.2"\n\n"@aws-sdk/cloudfront-signer@3.1.3":\n  version "3.1.3"\n',
    ],
    [
      'yarn.lock',
      '"@aws-sdk/cloudfront-signer@npm:^3.1.2":\n  version: 3.1.2\n\n"@aws-sdk/cloudfront-signer@npm:3.1.3":\n  version: 3.1.3\n',
    ],
    [
      'pnpm-lock.yaml',
      "packages:\n  '@aws-sdk/cloudfront-signer@3.1.2':\n    resolution: {}\n  '@aws-sdk/cloudfront-signer@3.1.3(b@1.0.0)':\n",
    ],
    [
      'pnpm-lock.yaml',
      'packages:\n  /@aws-sdk/cloudfront-signer@3.1.2:\n  /@aws-sdk/cloudfront-signer/3.1.3:\n',
    ],
    [
      'bun.lock',
      '{"packages":{"@aws-sdk/cloudfront-signer": ["@aws-sdk/cloudfront-signer@3.1.2", ""], "a/@aws-sdk/cloudfront-signer": ["@aws-sdk/cloudfront-signer@3.1.3"]}}',
    ],
  ];
  for (const [file, text] of rows) {
    assert.deepEqual(
      [...lockedVersions(text, file)],
      [['@aws-sdk/cloudfront-signer', ['3.1.2', '3.1.3']]],
      text,
    );
  }
});

test('the program that installs is the one whose lock file is there', async () => {
  for (const [file, expected] of [
    ['yarn.lock', 'yarn add edgeseal'],
    ['pnpm-lock.yaml', 'pnpm add edgeseal'],
    ['bun.lock', 'bun add edgeseal'],
    ['package-lock.json', 'npm install edgeseal'],
  ])
    await withProject(
      { [file]: '', 'a.js': use, 'package.json': '{"dependencies":{"@aws-sdk/cloudfront-signer":"3"}}' },
      (folder) => assert.ok(examine(folder).findings.some(({ fix }) => fix.startsWith(expected))),
    );
});

test('a package that is asked for and not used is said to be unused', () =>
  withProject({ 'package.json': '{"devDependencies":{"aws-cloudfront-sign":"^3"}}' }, (folder) => {
    const [finding] = examine(folder).findings;
    assert.match(finding.message, /No source that was read uses it/);
    assert.equal(finding.fix, 'npm uninstall aws-cloudfront-sign');
  }));

const words = fc.constantFrom(
  "import { getSignedUrl } from '@aws-sdk/cloudfront-signer';",
  "require('aws-cloudfront-sign')",
  'new AWS.CloudFront.Signer(',
  'from botocore.signers import CloudFrontSigner\n',
  'getSignedUrl({',
  '.generate_presigned_url(',
  'dateLessThan: Date.now() +',
  '"dependencies": {',
  '-----BEGIN PRIVATE KEY-----',
  ...'`\'"{}()[]<>/=:;,$*\\\n\r',
);
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 40 })
    .map((list) => Buffer.from(list.join(' '))),
);

test('no bytes in any file make it throw, and its places are in the files', () =>
  withProject({}, (folder) => {
    const names = [
      'a.js',
      'b.ts',
      'c.tsx',
      'd.py',
      'package.json',
      'package-lock.json',
      'yarn.lock',
      'pnpm-lock.yaml',
    ];
    fc.assert(
      fc.property(fc.array(contents, { minLength: names.length, maxLength: names.length }), (list) => {
        for (const [index, name] of names.entries()) writeFileSync(join(folder, name), list[index]);
        for (const { file, line, column } of examine(folder).findings) {
          const lines = readFileSync(join(folder, file), 'utf8').split(/\r\n|[\r\n]/);
          assert.ok(
            line <= lines.length && column <= lines[line - 1].length + 1,
            `${file}:${line}:${column}`,
          );
        }
      }),
      { seed, numRuns: 1_500 },
    );
  }));

const deep = 200_000;
const hostile = {
  'open brackets': '('.repeat(deep),
  'open braces': '{'.repeat(deep),
  'open templates': '`${'.repeat(deep),
  'open elements': '<a>'.repeat(deep),
  'elements in braces': '{<a/>'.repeat(deep / 2),
  'elements that are none': `${'x = <a>'.repeat(deep / 8)}`,
  'calls in calls': 'getSignedUrl('.repeat(deep / 4),
  'objects in objects': `getSignedUrl({url:${'{url:'.repeat(deep / 4)}`,
  'a long sum': `getSignedUrl({ url: ${"'a' + ".repeat(deep / 4)}'b' })`,
  'a long chain': `getSignedUrl({ url: a${'.b()'.repeat(deep / 8)} })`,
  'unary signs': `getSignedUrl({ dateLessThan: ${'- '.repeat(deep / 2)}1 })`,
  'constants in a circle': 'const a = b; const b = a; getSignedUrl({ url: a, dateLessThan: a })',
  'constants that grow': `${Array.from({ length: 60 }, (_, index) => `const a${index + 1} = a${index} + a${index};`).join('\n')} const a0 = 'x'; getSignedUrl({ url: a60, dateLessThan: a60 })`,
  slashes: '/['.repeat(deep / 4),
  'many calls': 'getSignedUrl({ dateLessThan: 1 });'.repeat(deep / 8),
};

for (const [what, text] of Object.entries(hostile)) {
  test(`${what} without end are looked at, and that comes to an end`, () =>
    withProject(
      Object.fromEntries(
        ['a.js', 'a.ts', 'a.tsx'].map((name) => [
          name,
          `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';\n${text}`,
        ]),
      ),
      (folder) => assert.ok(examine(folder).findings.length >= 3),
    ));
}

test('Python without end comes to an end as well', () =>
  withProject(
    {
      'a.py': `from botocore.signers import CloudFrontSigner\n${'x.generate_presigned_url(x, '.repeat(20_000)}`,
      'b.py': `from botocore.signers import CloudFrontSigner as A\n${'A('.repeat(100_000)}${'"'.repeat(99_999)}`,
    },
    (folder) => assert.ok(examine(folder).findings.length > 0),
  ));

// Searches that begin again at each line or word of such a file would be at it for hours.
test('neither blank lines in a lock file nor a long line beside an import take long', async () => {
  const files = {
    'package.json': '{"dependencies":{"@aws-sdk/cloudfront-signer":"3"}}',
    'pnpm-lock.yaml': `${'\n'.repeat(4_000_000)}  /@aws-sdk/cloudfront-signer@3.1166.0:\n`,
    'words.js': `import '@aws-sdk/cloudfront-signer';\na();\n${'token'.repeat(200_000)}\n`,
    'gap.js': `import '@aws-sdk/cloudfront-signer';\na();\ntoken${' '.repeat(1_000_000)}x\n`,
  };
  await withProject(files, (folder) => {
    const { code, stdout } = doctor([folder, '--json']);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).packages[0].locked, ['3.1166.0']);
  });
});

test('the name of a key file may be one that no file can have', async () => {
  const long = 'a'.repeat(5_000);
  const files = {
    'a.js': `import { getSignedUrl } from '@aws-sdk/cloudfront-signer';
const fs = require('fs');
getSignedUrl({ url, keyPairId, dateLessThan, privateKey: fs.readFileSync('${long}.pem') });`,
  };
  await withProject(files, (folder) => {
    const { code, stderr } = doctor([folder]);
    assert.equal(code, 0, stderr);
  });
});

test('a password in the address of a dependency is not repeated', async () => {
  const address = 'git+https://ann:hunter2secret@git.example.com/aws-sdk.git#v2';
  for (const [range, shown] of [
    [address, '(an address)'],
    ['hunter2secret/aws-cloudfront-sign', '(an address)'],
    ['npm:@scope/aws-cloudfront-sign@^2.1.0', 'npm:@scope/aws-cloudfront-sign@^2.1.0'],
    ['>=1 <3 || 4.x', '>=1 <3 || 4.x'],
    ['workspace:*', 'workspace:*'],
  ]) {
    const files = { 'package.json': JSON.stringify({ dependencies: { 'aws-cloudfront-sign': range } }) };
    await withProject(files, (folder) => {
      const [json, text] = [doctor([folder, '--json']).stdout, doctor([folder]).stdout];
      assert.equal(JSON.parse(json).packages[0].asked[0].range, shown);
      assert.ok(!`${json}${text}`.includes('hunter2secret'));
    });
  }
});
