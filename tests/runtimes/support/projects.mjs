/**
 * Projects of somebody who installed the package: the packed tarball in node_modules, one program, and nothing else.
 *
 * @typedef {'suite' | 'start' | 'empty'} Program the vectors; the least that an application does; nothing at all
 * @typedef {ReturnType<typeof packedProjects>} Projects
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installPacked } from '../../package/support/install.mjs';
import { collectVectors } from './data.mjs';

const here = dirname(import.meta.dirname);
const publicKey = readFileSync(join(here, '../keys/ec-public.pem'), 'utf8');

/** The body of each program: the names it imports, and what it answers. */
const programs = {
  suite: {
    imports: { edgeseal: 'edgeseal', compat: 'edgeseal/compat', edge: 'edgeseal/edge' },
    main: `async () => {
  const { runSuite } = await import('./suite/suite.mjs');
  const { default: data } = await import('./suite/data.mjs');
  return runSuite({ edgeseal, compat, edge }, data);
}`,
  },
  start: {
    imports: { edgeseal: 'edgeseal' },
    main: `async () => {
  await edgeseal.ready();
  const verifier = new edgeseal.Verifier({ keys: { K2JCJMDEHXQW5F: ${JSON.stringify(publicKey)} } });
  return verifier.verify('https://files.example.com/a?Expires=1767290400').reason;
}`,
  },
  empty: { imports: {}, main: `async () => 'nothing'` },
};

/** What the program answers when it did its work; the suite answers its report. */
export const answers = { start: 'missing-key-pair-id', empty: 'nothing' };

/**
 * The text of a program.
 * @param {Program} name
 * @param {'esm' | 'cjs'} form
 * @param {(specifier: string) => string} [resolve] where nothing resolves the name of a package
 */
export function programText(name, form, resolve = (specifier) => specifier) {
  const { imports, main } = programs[name];
  const line = {
    esm: ([local, from]) => `import * as ${local} from '${resolve(from)}';\n`,
    cjs: ([local, from]) => `const ${local} = require('${resolve(from)}');\n`,
  };
  const head = Object.entries(imports).map(line[form]).join('');
  return `${head}${form === 'esm' ? 'export default' : 'module.exports ='} ${main};\n`;
}

/** Packs the package and installs it without the network. The caller removes it. */
export function packedProjects() {
  const installed = installPacked();
  let made = 0;
  return {
    /** The installed package, as everyone gets it. */
    package: join(installed.project, 'node_modules', 'edgeseal'),
    /**
     * A folder of its own with the package, the suite with its data, and files.
     * @param {Record<string, string>} files texts by name
     */
    make(files) {
      made += 1;
      const folder = join(dirname(installed.project), `project-${made}`);
      cpSync(installed.project, folder, { recursive: true });
      cpSync(join(here, 'suite'), join(folder, 'suite'), { recursive: true });
      const data = { 'suite/data.mjs': `export default ${JSON.stringify(collectVectors())};\n` };
      for (const [name, text] of Object.entries({ ...data, ...files })) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
      return folder;
    },
    remove: installed.remove,
  };
}
