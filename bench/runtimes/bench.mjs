/** From nothing to the first verdict in every runtime, against a program that does nothing there. */
import assert from 'node:assert/strict';
import { cells } from '../../tests/runtimes/cells/cells.mjs';
import { closeBrowser } from '../../tests/runtimes/cells/page.mjs';
import { place, recordedRows, recordStarts, table } from '../../tests/runtimes/support/matrix.mjs';
import { answers, packedProjects } from '../../tests/runtimes/support/projects.mjs';

let projects;

/** One cell: both programs are prepared by the check, so that nothing is made of cells that are not timed. */
function coldStart({ id, runtime, form, prepare }) {
  const prepared = {};
  const contender = (program, name) => ({ name, run: () => prepared[program].run() });
  return {
    id,
    title: `from nothing to the first verdict, ${runtime}, ${form}`,
    starts: 15,
    contenders: [contender('empty', 'an empty program'), contender('start', 'edgeseal judges a URL')],
    check: async () => {
      projects ??= packedProjects();
      for (const program of ['empty', 'start']) {
        prepared[program] = await prepare(projects, program);
        assert.equal(await prepared[program].run(), answers[program]);
      }
    },
    close: async () => {
      for (const { close } of Object.values(prepared)) await close();
    },
  };
}

const groups = cells.map(coldStart);

export default {
  title: 'Starting in every runtime',
  groups,
  close: async () => {
    await closeBrowser();
    projects?.remove();
  },
  /** Keeps the medians beside this file, and shows them in the README of the project. */
  keep: (results, machine) => {
    const times = results.map(({ rows }, index) => {
      const [empty, start] = rows.map(({ micros }) => Math.round(micros / 100) / 10);
      return [groups[index].id, { empty, start }];
    });
    const starts = { machine, cells: Object.fromEntries(times) };
    recordStarts(starts);
    place.show(table(recordedRows(), starts));
  },
};
