/** Running the real command line as a process. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program under test. */
export const program = fileURLToPath(new URL('../../dist/esm/cli/main.js', import.meta.url));
const keys = fileURLToPath(new URL('../../../../tests/keys/', import.meta.url));

/**
 * Runs `edgeseal` to its end.
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, input?: string | Buffer }} [options]
 * @returns {Promise<{ code: number | null, stdout: string, stderr: string }>}
 */
export function edgeseal(args, { cwd, env = {}, input = '' } = {}) {
  return new Promise((done, failed) => {
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, [program, ...args], { cwd, env: { PATH, HOME, TMPDIR, ...env } });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        texts[name] += chunk;
      });
    }
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', failed).on('close', (code) => done({ code, ...texts }));
  });
}

/** Lends a folder with copies of test keys, as private as they should be. */
export async function withKeys(names, work) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-cli-'));
  try {
    for (const name of names) {
      copyFileSync(join(keys, `${name}.pem`), join(folder, `${name}.pem`));
      chmodSync(join(folder, `${name}.pem`), name.endsWith('public') ? 0o644 : 0o600);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a text has a character that a terminal would obey, other than a line break. */
export const obeyed = (text) => /(?!\n)[\p{Cc}\p{Cf}]/u.test(text);
