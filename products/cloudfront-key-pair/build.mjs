// Bundles the function and writes it into the template, so that no asset bucket is needed in another account.
//
//   node products/cloudfront-key-pair/build.mjs            write the template
//   node products/cloudfront-key-pair/build.mjs --check    fail if the template is stale
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/** The template that carries the code; a published version's bytes never change, so this is always the newest. */
export const templatePath = join(here, '1.0.0', 'template.yaml');

const block = /^( *)ZipFile: \|\n(?:\1 +.*\n|\n)+/m;

/** Bundles the function into one CommonJS file; the AWS SDK stays outside, the runtime brings it. */
export async function bundle({ minify = true, entry = 'index.ts' } = {}) {
  const result = await build({
    entryPoints: [join(here, 'lambda', 'src', entry)],
    bundle: true,
    minify,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@aws-sdk/*'],
    legalComments: 'none',
    lineLimit: 110,
    // A template literal may hold a real line feed, which has no place in an indented block.
    supported: { 'template-literal': false },
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles[0].text.replace(/[ \t]+$/gm, '').trim();
}

/** The template's text with the code in it. */
export function inline(template, code) {
  const found = block.exec(template);
  if (!found) throw new Error('the template has no ZipFile block to write the code into');
  const indent = `${found[1]}  `;
  const lines = ['// Built by build.mjs from lambda/src; do not edit here.', ...code.split('\n')];
  const text = lines.map((line) => (line ? indent + line : '')).join('\n');
  return template.replace(block, () => `${found[1]}ZipFile: |\n${text}\n`);
}

async function main() {
  const template = readFileSync(templatePath, 'utf8');
  const fresh = inline(template, await bundle());
  if (fresh === template) {
    process.stderr.write('template is up to date\n');
    return;
  }
  if (process.argv.includes('--check')) {
    process.stderr.write('template is stale: run node products/cloudfront-key-pair/build.mjs\n');
    process.exitCode = 1;
    return;
  }
  writeFileSync(templatePath, fresh);
  process.stderr.write(`wrote ${Buffer.byteLength(fresh)} bytes to ${templatePath}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
