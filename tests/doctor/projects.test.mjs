// Whole small projects through the built command line; what it says is kept in golden/, for people and for programs.
// `EDGESEAL_GOLDEN=write node --test tests/doctor` writes it anew.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { doctor, fixtures, inside } from './support/doctor.mjs';

const golden = new URL('golden/', import.meta.url);
const projects = readdirSync(fixtures);
const schema = JSON.parse(
  readFileSync(new URL('../../wasm/js/schema/doctor-report.schema.json', import.meta.url), 'utf8'),
);
const valid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

function held(name, text) {
  const file = new URL(name, golden);
  if (process.env.EDGESEAL_GOLDEN === 'write') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

for (const project of projects) {
  test(`what is said of ${project} is what it was, in 80 columns and without colours in a pipe`, () => {
    const { code, stdout, stderr } = doctor([project], { cwd: fixtures });
    assert.deepEqual([code, stderr], [0, '']);
    held(`${project}.txt`, stdout);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: looking for them is the point
    assert.doesNotMatch(stdout, /\u001b/);
    for (const line of stdout.split('\n').filter((text) => !text.startsWith('  + ')))
      assert.ok(line.length <= 80, `${line.length} columns: ${line}`);
  });

  test(`what programs get of ${project} is what it was, and keeps to the schema`, () => {
    const { code, stdout, stderr } = doctor([project, '--json'], { cwd: fixtures });
    assert.deepEqual([code, stderr], [0, '']);
    held(`${project}.json`, stdout);
    assert.ok(valid(JSON.parse(stdout)), JSON.stringify(valid.errors));
  });

  test(`--check fails for ${project} exactly when something must change or is a danger`, () => {
    const { mustChange, findings } = JSON.parse(doctor([project, '--json'], { cwd: fixtures }).stdout);
    const grave = findings.some(({ severity }) => severity !== 'advice');
    assert.equal(mustChange, grave);
    assert.equal(doctor([project, '--check'], { cwd: fixtures }).code, grave ? 1 : 0);
    assert.equal(doctor([project, '--check', '--json'], { cwd: fixtures }).code, grave ? 1 : 0);
  });
}

test('every finding points at a place in its file', () => {
  for (const project of projects) {
    const { findings } = JSON.parse(doctor([project, '--json'], { cwd: fixtures }).stdout);
    for (const { file, line, column } of findings) {
      const text = readFileSync(`${fixtures}/${project}/${file}`, 'utf8').split('\n')[line - 1];
      assert.ok(text !== undefined && column >= 1 && column <= text.length, `${file}:${line}:${column}`);
    }
  }
});

test('every golden output belongs to a project', () => {
  assert.deepEqual(
    readdirSync(golden).sort(),
    projects.flatMap((project) => [`${project}.json`, `${project}.txt`]).sort(),
  );
});

test('the schema lists every code with its severity, and no other', async () => {
  const { codes } = await inside('findings');
  assert.deepEqual(schema.$defs.code.enum.toSorted(), Object.keys(codes).sort());
});
