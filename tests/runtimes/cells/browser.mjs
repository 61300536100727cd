/** A page that takes the package as it is, by a relative URL: no bundler, no import map. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programText } from '../support/projects.mjs';
import { pageAt, pageScript, pageText, serveFolder } from './page.mjs';

/** The file that a browser is to take for an entry: the first of its conditions that fits. */
function browserFile(exports, entry) {
  const choose = (target) => {
    if (typeof target === 'string') return target;
    const key = Object.keys(target).find((name) => ['browser', 'import', 'default'].includes(name));
    return choose(target[key]);
  };
  return choose(exports[entry]);
}

/** @type {import('./cells.mjs').Cell['prepare']} */
export async function plainPage(projects, name) {
  const { exports } = JSON.parse(readFileSync(join(projects.package, 'package.json'), 'utf8'));
  const resolve = (specifier) =>
    join('/node_modules/edgeseal', browserFile(exports, specifier.replace('edgeseal', '.')));
  const folder = projects.make({
    'index.html': pageText('main.js'),
    'main.js': pageScript,
    'program.mjs': programText(name, 'esm', (specifier) => `.${resolve(specifier)}`),
  });
  return pageAt(await serveFolder(folder), (path) => path.startsWith('/node_modules/'));
}
