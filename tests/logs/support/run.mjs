// The command over logs, as a process.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Signer } from 'edgeseal';

/** The program under test. */
export const program = fileURLToPath(new URL('../../../wasm/js/dist/esm/cli/main.js', import.meta.url));

/** The path of a test key. */
export const keyFile = (name) => fileURLToPath(new URL(`../../keys/${name}.pem`, import.meta.url));

/** A key-pair id as AWS writes them. */
export const id = 'K2JCJMDEHXQW5F';

/** The option that names the key of {@link signer}. */
export const trusted = ['--public-key', `${id}=${keyFile('rsa-public')}`];

/** 2026-01-01T18:00:00Z. */
export const expires = 1_767_290_400;

export const signer = Signer.fromPem({
  keyPairId: id,
  privateKey: readFileSync(keyFile('rsa-pkcs8'), 'utf8'),
});

/** A signed URL on the host of the tests. */
export const signed = (path, options = {}) =>
  signer.signUrl({ url: `https://files.example.com${path}`, expires, ...options });

/** Runs `edgeseal explain --from-log` to its end. */
export function explainLog(args, { input = '', cwd, env = {} } = {}) {
  return new Promise((done) => {
    const { PATH, HOME, TMPDIR } = process.env;
    const options = { cwd, env: { PATH, HOME, TMPDIR, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 };
    const child = execFile(
      process.execPath,
      [program, 'explain', '--from-log', ...args],
      options,
      (error, stdout, stderr) => done({ code: error?.code ?? 0, stdout, stderr }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The report over one input, given on stdin. */
export async function report(input, args = trusted) {
  const { code, stdout, stderr } = await explainLog(['-', '--json', ...args], { input });
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** What was refused and how often, by cause. */
export const causes = ({ groups }) => Object.fromEntries(groups.map(({ code, count }) => [code, count]));

/** A folder that is removed at the end, with files in it. */
export function folder(files = {}) {
  const path = mkdtempSync(join(tmpdir(), 'edgeseal-logs-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}
