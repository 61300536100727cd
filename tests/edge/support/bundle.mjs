/** Building a bundle by the command line, and unpacking it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const program = fileURLToPath(new URL('../../../wasm/js/dist/esm/cli/main.js', import.meta.url));

/**
 * Builds a bundle with `edgeseal edge build`.
 * @param {object} policy
 * @param {Record<string, string>} keys PEM texts by key-pair id
 * @returns {{ zip: Buffer, codeSha256: string }}
 */
export function buildBundle(policy, keys) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-bundle-'));
  try {
    writeFileSync(join(folder, 'edge.json'), JSON.stringify(policy));
    writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys));
    const args = ['edge', 'build', '--policy', 'edge.json', '--keys', 'keys.json', '--json'];
    const text = execFileSync(process.execPath, [program, ...args], { cwd: folder, encoding: 'utf8' });
    const { zip, codeSha256 } = JSON.parse(text);
    return { zip: readFileSync(join(folder, zip)), codeSha256 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Unpacks a bundle into a folder that holds nothing else. The caller removes it. */
export function unpack(zip) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-function-'));
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}
