/** Packs the npm package and installs it where nothing else is. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../wasm/js', import.meta.url));

/** Runs a program and answers what it did. */
export const run = (program, args, options = {}) =>
  spawnSync(program, args, { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024, ...options });

function must(program, args, options) {
  const result = run(program, args, options);
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

/**
 * Packs and installs, without the network.
 * @returns {{ project: string, tarball: string, files: { path: string, size: number, mode: number }[], remove(): void }}
 */
export function installPacked() {
  const base = mkdtempSync(join(tmpdir(), 'edgeseal-package-'));
  const [packed] = JSON.parse(must('npm', ['pack', '--json', '--pack-destination', base], { cwd: folder }));
  const project = join(base, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
  const tarball = join(base, packed.filename);
  const quiet = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  must('npm', ['install', ...quiet, tarball], { cwd: project });
  return {
    project,
    tarball,
    files: packed.files,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}
