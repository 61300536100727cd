/** The programs of docs/migrate.md. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The text of the guide. */
export const guide = readFileSync(at('docs/migrate.md'), 'utf8');

/**
 * Every program, in order: ```` ```js before v3-url ```` and so on.
 * @type {{ language: string, role: string, name: string, claim: string | undefined, code: string }[]}
 */
export const blocks = [
  ...guide.matchAll(/^```(js|python) (\w+) ([a-z0-9-]+)(?: (\w+))?\n([\s\S]*?)^```$/gm),
].map(([, language, role, name, claim, code]) => ({ language, role, name, claim, code }));

/** Lends a folder with the keys that the programs read, and the packages of a node_modules. */
export function withKeys(work, modules = at('node_modules')) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-migrate-'));
  try {
    for (const [name, file] of [
      ['rsa-pkcs8', 'cloudfront-key.pem'],
      ['rsa-pkcs1', 'cloudfront-key.pkcs1.pem'],
      ['rsa-public', 'cloudfront-key.public.pem'],
    ])
      copyFileSync(at(`tests/keys/${name}.pem`), join(folder, file));
    symlinkSync(modules, join(folder, 'node_modules'));
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program of the guide and answers what it prints. */
export function runBlock({ language, code }, folder, { python, args = [] } = {}) {
  const file =
    language === 'python' ? 'program.py' : code.includes('require(') ? 'program.cjs' : 'program.mjs';
  writeFileSync(join(folder, file), code);
  const { status, stdout, stderr } = spawnSync(python ?? process.execPath, [file, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1',
    },
  });
  if (status !== 0) throw new Error(`${code}\n${stderr}`);
  return stdout.trim();
}
