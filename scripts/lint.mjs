/** Runs every linter: `npm run lint`. The last line on stdout is `lint: N passed, N failed`. */
import { javascriptChecks } from './lib/lint/javascript.mjs';
import { rustChecks } from './lib/lint/rust.mjs';
import { runMain } from './lib/problem.mjs';
import { front } from './lib/test/front.mjs';

const page = {
  title: 'Runs the linters.',
  command: 'npm run lint',
  suites: [...rustChecks, ...javascriptChecks],
  noun: 'lint: ',
};

await runMain(() => front(page, process.argv.slice(2)));
