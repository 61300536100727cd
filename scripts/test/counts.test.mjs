import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, summary } from '../lib/test/counts.mjs';

const esc = String.fromCharCode(27);

const cases = [
  {
    name: 'cargo test sums every test program and leaves ignored tests out',
    runner: 'cargo',
    output: `running 3 tests
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s`,
    code: 0,
    expected: { passed: 15, failed: 0 },
  },
  {
    name: 'cargo test counts failures',
    runner: 'cargo',
    output:
      'test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s',
    code: 101,
    expected: { passed: 2, failed: 1 },
  },
  {
    name: 'nextest counts passed tests, slow ones among them',
    runner: 'nextest',
    output: '     Summary [   1.500s] 30 tests run: 30 passed (2 slow), 4 skipped',
    code: 0,
    expected: { passed: 30, failed: 0 },
  },
  {
    name: 'nextest counts failed and timed-out tests as failed',
    runner: 'nextest',
    output: '     Summary [   1.500s] 30 tests run: 27 passed, 2 failed, 1 timed out, 4 skipped',
    code: 100,
    expected: { passed: 27, failed: 3 },
  },
  {
    name: 'nextest is read through colours',
    runner: 'nextest',
    output: `${esc}[32;1m     Summary${esc}[0m [   0.1s] ${esc}[1m5${esc}[0m tests run: ${esc}[1m5${esc}[0m ${esc}[32;1mpassed${esc}[0m, 0 skipped`,
    code: 0,
    expected: { passed: 5, failed: 0 },
  },
  {
    name: 'node counts with the spec reporter',
    runner: 'node',
    output: 'ℹ tests 7\nℹ suites 1\nℹ pass 6\nℹ fail 0\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0',
    code: 0,
    expected: { passed: 6, failed: 0 },
  },
  {
    name: 'node counts with the TAP reporter, cancelled tests as failed',
    runner: 'node',
    output: '# tests 7\n# pass 4\n# fail 2\n# cancelled 1\n# skipped 0',
    code: 1,
    expected: { passed: 4, failed: 3 },
  },
  {
    name: 'a test that prints something like a summary is not counted twice',
    runner: 'node',
    output: 'the line # pass 99 in a message\nℹ pass 1\nℹ fail 0\nℹ cancelled 0',
    code: 0,
    expected: { passed: 1, failed: 0 },
  },
  {
    name: 'a crate that does not compile is one failure',
    runner: 'nextest',
    output: 'error: could not compile `edgeseal-core`',
    code: 101,
    expected: { passed: 0, failed: 1, trouble: 'the runner ended with exit code 101' },
  },
  {
    name: 'a runner that crashes after good tests is one failure',
    runner: 'cargo',
    output: 'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out',
    code: 101,
    expected: { passed: 3, failed: 1, trouble: 'the runner ended with exit code 101' },
  },
  {
    name: 'a suite that runs no test is one failure',
    runner: 'cargo',
    output: 'test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out',
    code: 0,
    expected: { passed: 0, failed: 1, trouble: 'no test ran' },
  },
  {
    name: 'a check passes with exit code 0',
    runner: 'check',
    output: '',
    code: 0,
    expected: { passed: 1, failed: 0 },
  },
  {
    name: 'a check fails with any other',
    runner: 'check',
    output: '',
    code: 2,
    expected: { passed: 0, failed: 1 },
  },
];

for (const { name, runner, output, code, expected } of cases) {
  test(name, () => assert.deepEqual(count(runner, output, code), expected));
}

test('the summary is plain', () => {
  assert.equal(summary({ passed: 1204, failed: 0 }), '1204 passed, 0 failed');
});
