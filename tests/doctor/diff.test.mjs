// `--diff | git apply`, for real: applied with git, and the result run with both packages.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { seed } from '../differential/support/runs.mjs';
import { doctor, fixtures, inside, withProject } from './support/doctor.mjs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const key = fileURLToPath(new URL('../keys/rsa-pkcs8.pem', import.meta.url));
const aws = '@aws-sdk/cloudfront-signer';
const run = (folder, file) =>
  execFileSync(process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, KEY_PAIR_ID: 'K1', PRIVATE_KEY: readFileSync(key, 'utf8') },
  });

/** Applies what the doctor writes, and answers whether git took it. */
function apply(folder) {
  const { stdout, stderr } = doctor(['--diff'], { cwd: folder });
  const { status, stderr: complaint } = spawnSync('git', ['apply', '--whitespace=nowarn'], {
    cwd: folder,
    input: stdout,
    encoding: 'utf8',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, '..') },
  });
  if (stdout !== '') assert.equal(status, 0, complaint + stdout);
  return { diff: stdout, stderr };
}

const terms = `{ url: 'https://files.example.com/a b', keyPairId: process.env.KEY_PAIR_ID, privateKey: process.env.PRIVATE_KEY, dateLessThan: '2036-01-01' }`;
const programs = {
  'named.mjs': `import { getSignedUrl } from '${aws}';\nconsole.log(getSignedUrl(${terms}));\n`,
  'namespace.mjs': `#!/usr/bin/env node\n// signs\nimport * as cf from "${aws}"\n\nconsole.log(cf.getSignedCookies(${terms}))\n`,
  'over lines.mjs': `import {\n  getSignedUrl as sign,\n} from '${aws}';\nconsole.log(sign(${terms}));`,
  'required.cjs': `'use strict';\r\nconst { getSignedUrl } = require('${aws}');\r\nconsole.log(getSignedUrl(${terms}));\r\n`,
  'dynamic.mjs': `import('${aws}').then(({ getSignedUrl: s }) => console.log(s(${terms})));\n`,
  'last.cjs': `process.once('exit', () => console.log(cf.getSignedUrl(${terms}))); var cf = require('${aws}')`,
  'twice.mjs': `import { getSignedUrl } from '${aws}';\n${'\n'.repeat(9)}const m = await import('${aws}');\nconsole.log(getSignedUrl(${terms}), m.getSignedUrl === getSignedUrl);\n`,
  'naïve "quoted"\t.mjs': `import { getSignedUrl } from '${aws}';\nconsole.log(getSignedUrl(${terms}));\n`,
};

test('git applies it, and every program signs the same bytes with edgeseal/compat', () =>
  withProject(programs, (folder) => {
    symlinkSync(modules, join(folder, 'node_modules'));
    const before = Object.keys(programs).map((file) => run(folder, file));
    const { stderr } = apply(folder);
    assert.equal(stderr, '');
    for (const [index, file] of Object.keys(programs).entries()) {
      const source = readFileSync(join(folder, file), 'utf8');
      assert.ok(source.includes('edgeseal/compat') && !source.includes(aws), file);
      assert.equal(run(folder, file), before[index], file);
    }
    assert.deepEqual(apply(folder), { diff: '', stderr: 'no import changes by itself\n' });
  }));

test('a project of many files is changed at the imports alone, also from a folder inside a repository', () =>
  withProject({}, (folder) => {
    const project = join(folder, 'services', 'downloads');
    mkdirSync(join(folder, 'services'));
    cpSync(join(fixtures, 'express-v3'), project, { recursive: true });
    const git = (...args) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
    git('init', '-q');
    git('add', '.');
    const { stdout } = doctor(['--diff'], { cwd: project });
    execFileSync('git', ['apply'], { cwd: project, input: stdout });
    const changed = git('diff', '-U0')
      .split('\n')
      .filter((line) => /^[+-](?![+-])/.test(line));
    assert.deepEqual(changed, [
      `-import { getSignedUrl } from '${aws}';`,
      "+import { getSignedUrl } from 'edgeseal/compat';",
      `-import * as cloudfront from '${aws}';`,
      "+import * as cloudfront from 'edgeseal/compat';",
    ]);
    const { findings } = JSON.parse(doctor([project, '--json']).stdout);
    assert.ok(!findings.some(({ code }) => code === 'replace-import'));
  }));

test('what needs a hand is left out and counted', () =>
  withProject(
    { 'a.ts': `import cf from '${aws}';\n`, 'b.ts': `import { getSignedUrl } from '${aws}';\n` },
    (folder) => {
      const { diff, stderr } = apply(folder);
      assert.doesNotMatch(diff, /a\.ts/);
      assert.match(diff, /b\.ts/);
      assert.match(stderr, /a hand is needed: 1;/);
    },
  ));

const pem = readFileSync(key, 'utf8').trimEnd().split('\n');
const secretLines = [
  "const password = 'correct horse';",
  `const key = \`${pem[0]}\`;`,
  pem[3],
  `process.env.API_KEY ??= "abc";`,
];

test('no line that may hold a secret is printed, neither in the report nor in the diff', async () => {
  for (const secret of secretLines) {
    const sources = {
      'above.mjs': `${secret}\nimport '${aws}';\nplain();\n`,
      'below.mjs': `plain();\nimport '${aws}';\n${secret}\n`,
      'around.mjs': `${secret}\nimport '${aws}';\na();\n${secret}\n`,
      'beside.mjs': `plain();\n${secret} import '${aws}';\nplain();\n`,
    };
    await withProject(sources, (folder) => {
      const { diff, stderr } = apply(folder);
      for (const text of [diff, doctor([folder]).stdout, doctor([folder, '--json']).stdout]) {
        assert.ok(!text.includes(secret), text);
      }
      assert.match(diff, /above\.mjs/);
      assert.match(diff, /around\.mjs/);
      assert.match(stderr, /below\.mjs is left out/);
      assert.ok(readFileSync(join(folder, 'above.mjs'), 'utf8').includes("import 'edgeseal/compat'"));
    });
  }
});

test('no line that a terminal would obey is printed, and the rest of the diff applies', async () => {
  for (const sign of ['\u001b]0;owned\u0007', '\u009b2J', '\u202e']) {
    const sources = {
      'above.mjs': `// ${sign}\nimport '${aws}';\nplain();\n`,
      'below.mjs': `import '${aws}';\n// ${sign}\n`,
    };
    await withProject(sources, (folder) => {
      const { diff, stderr } = apply(folder);
      assert.ok(!`${diff}${stderr}`.includes(sign));
      assert.match(stderr, /below\.mjs is left out/);
      assert.ok(readFileSync(join(folder, 'above.mjs'), 'utf8').includes("import 'edgeseal/compat'"));
    });
  }
});

test('--diff and --json are refused together', () => {
  const { code, stderr } = doctor(['--diff', '--json'], { cwd: fixtures });
  assert.equal(code, 2);
  assert.equal(JSON.parse(stderr).error.code, 'usage');
});

const line = fc.constantFrom('', 'a();', '  b(', `import '${aws}';`, `export * from "${aws}";`, '\t// c');
const source = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 25 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''));

test('git applies the diff of any mixture of lines, and the result is the source with other names', async () => {
  const { fileDiff } = await inside('diff');
  await withProject({}, (folder) => {
    fc.assert(
      fc.property(source, (text) => {
        const edits = [...text.matchAll(/(['"])@aws-sdk\/cloudfront-signer\1/g)].map(
          ({ 0: whole, 1: quote, index }) => ({
            start: index,
            end: index + whole.length,
            text: `${quote}edgeseal/compat${quote}`,
          }),
        );
        if (edits.length === 0) return;
        writeFileSync(join(folder, 'a.js'), text);
        execFileSync('git', ['apply', '--whitespace=nowarn'], {
          cwd: folder,
          input: fileDiff('a.js', text, edits),
        });
        assert.equal(readFileSync(join(folder, 'a.js'), 'utf8'), text.replaceAll(aws, 'edgeseal/compat'));
      }),
      { seed, numRuns: 150 },
    );
  });
});
