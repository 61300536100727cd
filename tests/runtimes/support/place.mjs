/** The places in the project's README that hold a table which a test run writes. */
import { readFileSync, writeFileSync } from 'node:fs';

const readme = new URL('../../../README.md', import.meta.url);

/**
 * The place of one table, between the marks that name it.
 * @param {string} name also that of the suite which writes it
 */
export function placeFor(name) {
  const start = `<!-- ${name}: written by EDGESEAL_MATRIX=write npm test -- --only ${name} -->`;
  const end = `<!-- end of ${name} -->`;

  /** The document up to the table, the table, and the document from there. */
  function parts() {
    const document = readFileSync(readme, 'utf8');
    const [from, to] = [document.indexOf(start), document.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the README has no place for the table "${name}"`);
    const inside = from + start.length;
    return [document.slice(0, inside), document.slice(inside, to), document.slice(to)];
  }

  return {
    /** The table that the README shows. */
    shown: () => parts()[1].trim(),
    /** Puts a table there. */
    show(table) {
      const [before, , after] = parts();
      writeFileSync(readme, `${before}\n\n${table}\n\n${after}`);
    },
  };
}
