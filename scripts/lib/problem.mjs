/** An expected failure: its message is for the person at the terminal and no stack trace is shown. */
export class Problem extends Error {
  name = 'Problem';
}

/**
 * Runs a script's main function and turns what it throws into an exit code.
 * @param {() => Promise<number | undefined>} main answers the exit code; nothing means 0
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof Problem ? error.message : error.stack}\n`);
    process.exitCode = error instanceof Problem && error.exitCode ? error.exitCode : 1;
  }
}

/** A wrong command line: exit code 2. */
export class UsageProblem extends Problem {
  name = 'UsageProblem';
  exitCode = 2;
}
