// The packed package in every runtime, browser and bundler: the same vectors pass in each, and the table in the README
// says so. With EDGESEAL_MATRIX=write the table is written instead of compared.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cells } from './cells/cells.mjs';
import { closeBrowser } from './cells/page.mjs';
import { differences, place, recordedRows, recordedStarts, recordRows, table } from './support/matrix.mjs';
import { packedProjects } from './support/projects.mjs';

const writes = process.env.EDGESEAL_MATRIX === 'write';
/** How many vectors there are at least; fewer means that files were not found. */
const floor = { sign: 250, verify: 330, decide: 175 };

let projects;
before(() => {
  projects = packedProjects();
});
after(async () => {
  await closeBrowser();
  projects?.remove();
});

/** Prepares a program in a cell, uses it, and leaves nothing behind. */
async function using({ prepare }, program, work) {
  const prepared = await prepare(projects, program);
  try {
    return await work(prepared);
  } finally {
    await prepared.close();
  }
}

const found = new Map();

describe('the vectors pass, from the packed tarball', { concurrency: 2 }, () => {
  for (const cell of cells) {
    const { id, runtime, form } = cell;
    test(`in ${runtime}, ${form}`, async () => {
      const { api, total, passed, failures } = await using(cell, 'suite', ({ run }) => run());
      assert.deepEqual(failures.slice(0, 10), [], `${failures.length} failures`);
      assert.deepEqual(passed, total);
      for (const [group, least] of Object.entries(floor))
        assert.ok(passed[group] >= least, `${group} ${passed[group]}`);
      const size = await using(cell, 'start', async (prepared) => {
        assert.equal(await prepared.run(), 'missing-key-pair-id');
        return prepared.size();
      });
      found.set(id, { id, runtime, version: await cell.version(), form, api, passed, size });
    });
  }
});

test('every cell ran the same vectors', () => {
  assert.equal(found.size, cells.length);
  const counts = new Set([...found.values()].map(({ passed }) => JSON.stringify(passed)));
  assert.equal(counts.size, 1, [...counts].join(' and '));
});

test('the table in the README says what this run found', () => {
  const rows = cells.map(({ id }) => found.get(id));
  assert.ok(!rows.includes(undefined), 'a cell has no result');
  if (writes) {
    recordRows(rows);
    place.show(table(rows, recordedStarts()));
  }
  const recorded = recordedRows();
  const advice = 'if this is as it should be, EDGESEAL_MATRIX=write npm test -- --only runtimes';
  const differing = cells.flatMap((cell) =>
    differences(
      found.get(cell.id),
      recorded.find(({ id }) => id === cell.id),
      cell,
    ),
  );
  assert.deepEqual(differing, [], advice);
  assert.deepEqual(
    recorded.map(({ id }) => id),
    cells.map(({ id }) => id),
    advice,
  );
  assert.equal(place.shown(), table(recorded, recordedStarts()), advice);
});
