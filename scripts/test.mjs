/** Runs every test suite: `npm test`. The last line on stdout is `N passed, N failed`. */
import { runMain } from './lib/problem.mjs';
import { front } from './lib/test/front.mjs';
import { suites } from './lib/test/suites.mjs';

const page = { title: 'Runs the tests.', command: 'npm test', suites };

await runMain(() => front(page, process.argv.slice(2)));
