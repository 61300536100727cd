/** Running the doctor on small projects: as a program, and as modules. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command line under test. */
export const program = fileURLToPath(new URL('../../../wasm/js/dist/esm/cli/main.js', import.meta.url));

/** The small projects. */
export const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Imports a module of the doctor, by its name. */
export const inside = (name) => import(`../../../wasm/js/dist/esm/cli/doctor/${name}.js`);

/** Runs `edgeseal doctor`. */
export function doctor(args, { cwd, env = {} } = {}) {
  const { PATH, HOME, TMPDIR } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'doctor', ...args], {
    cwd,
    env: { PATH, HOME, TMPDIR, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/** Lends a folder with files, given by path and text. */
export async function withProject(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'edgeseal-doctor-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The codes of the findings in one source, in order, each with its line. */
export async function codesIn(source, file = 'a.ts', others = {}) {
  const { examine } = await inside('examine');
  return withProject({ [file]: source, ...others }, (folder) =>
    examine(folder)
      .findings.filter((finding) => finding.file === file)
      .map(({ code, line }) => `${line} ${code}`),
  );
}
