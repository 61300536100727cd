/** Node, Deno and Bun: a process that imports or requires the package by its name. */
import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { programText } from '../support/projects.mjs';
import { bytesOf, filesLoaded, sizeOf } from '../support/sizes.mjs';
import { printed } from '../support/toolchain.mjs';

/** What prints the answer of a program, with the file that the name of the package led to. */
const shells = {
  esm: `import main from './program.mjs';
import { fileURLToPath } from 'node:url';

console.log(JSON.stringify({ answer: await main(), entry: fileURLToPath(import.meta.resolve('edgeseal')) }));
`,
  cjs: `const main = require('./program.cjs');

main().then((answer) => console.log(JSON.stringify({ answer, entry: require.resolve('edgeseal') })));
`,
};

/**
 * @param {object} cell
 * @param {string} cell.program the path of the runtime
 * @param {string[]} [cell.args] put before the script
 * @param {'esm' | 'cjs'} cell.form
 * @param {string[]} cell.conditions those of the runtime
 * @returns {(projects: import('../support/projects.mjs').Projects, name: import('../support/projects.mjs').Program) =>
 *   Promise<import('./cells.mjs').Prepared>}
 */
export const server =
  ({ program, args = [], form, conditions }) =>
  async (projects, name) => {
    const ending = form === 'esm' ? 'mjs' : 'cjs';
    const folder = projects.make({
      [`program.${ending}`]: programText(name, form),
      [`main.${ending}`]: shells[form],
    });
    const start = () => printed(program, [...args, join(folder, `main.${ending}`)], folder);
    return {
      run: async () => (await start()).answer,
      size: async () => {
        const files = await filesLoaded(folder, `program.${ending}`, conditions);
        // The runtime itself says which file it took; the rest follows from that one.
        assert.equal(relative(folder, (await start()).entry), files[0], 'the entry that the runtime took');
        return sizeOf(bytesOf(folder, files));
      },
      close: async () => {},
    };
  };
