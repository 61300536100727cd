/** `edgeseal edge test`: holds a rule file against cases. */
import { readCases } from '../../edge-build/cases.js';
import { bakeRules } from '../../edge-build/rules.js';
import { type CaseResult, CaseRunner } from '../../edge-build/run-cases.js';
import { type Command, exitCodes } from '../command.js';
import { countFindings, readRules, readSource, ruleOptions, showFindings } from '../edge-rules.js';
import { type Io, printable, wrap } from '../output.js';

/** The command. */
export const command: Command = {
  name: 'edge test',
  operands: ['[CASES]'],
  about:
    'Holds a rule file against cases: requests in a YAML or JSON file (cases.yaml when left out), each with the decision that is expected. Requests can be signed on the fly, with a key made for the run that stands for every trusted key. Exit code 1 when a case is decided otherwise. edgeseal edge init writes a file to start from.',
  options: ruleOptions,
  examples: [
    ['cases.yaml against edge.yaml', 'edgeseal edge test'],
    [
      'other files, and the ids of the keys checked',
      'edgeseal edge test --policy edge.yaml --keys keys/ cases.yaml',
    ],
  ],
  fields: { keys: '--keys', policy: '--policy' },
  async run(given, io) {
    const file = await readRules(given, { keysMayBeElsewhere: true });
    showFindings(file, io);
    if (!file.usable) {
      if (io.json) io.value({ findings: file.findings });
      else
        io.failure(
          wrap(`edgeseal edge test: ${printable(file.name)} has ${countFindings(file.findings)}`, io.width),
        );
      return exitCodes.usage;
    }
    const [name = 'cases.yaml'] = given.operands;
    const cases = readCases(await readSource(name, 'CASES'), name);
    const rules = bakeRules(file.text);
    const runner = new CaseRunner(rules, file.keys);
    const results: CaseResult[] = [];
    for (const one of cases) results.push(await runner.run(one));
    const failed = results.filter(({ differences }) => differences.length > 0).length;
    if (io.json)
      io.value({
        passed: results.length - failed,
        failed,
        cases: results.map(forPrograms),
        findings: file.findings,
      });
    else report(results, unreached(rules, results), io);
    return failed > 0 ? exitCodes.denied : exitCodes.ok;
  },
};

function forPrograms({ case: { name, place }, differences, ...outcome }: CaseResult): object {
  return { name, place, passed: differences.length === 0, differences, ...outcome };
}

function report(results: readonly CaseResult[], untested: readonly string[], io: Io): void {
  for (const result of results) {
    const { name, place } = result.case;
    if (result.differences.length === 0) {
      io.line(`${io.paint('green', 'ok')}    ${printable(name)}`);
      continue;
    }
    io.line(`${io.paint('red', 'FAIL')}  ${printable(name)}`);
    io.line(`      ${io.paint('dim', printable(place))}`);
    for (const line of details(result, io.width - 6)) io.line(`      ${line}`);
  }
  if (untested.length > 0)
    io.remark(wrap(`no case reaches: ${untested.map(printable).join(', ')}`, io.width));
  const failed = results.filter(({ differences }) => differences.length > 0).length;
  io.line(`${results.length - failed} passed, ${failed} failed`);
}

/** What was asked, what should have come, and why it did not. */
function details(result: CaseResult, width: number): string[] {
  const { request, differences, decision, reason, message, rule } = result;
  const widest = Math.max(...differences.map(({ field }) => field.length));
  const why = [reason, rule === undefined ? undefined : `rule ${rule}`].filter(Boolean).join(', ');
  const decided = `decided: ${decision}${why === '' ? '' : ` (${printable(why)})`}${message ? `: ${printable(message)}` : ''}`;
  return [
    printable(request),
    ...differences.flatMap(({ field, expected, found }) => [
      `${field.padEnd(widest)}  expected  ${printable(expected)}`,
      `${' '.repeat(widest)}  got       ${printable(found)}`,
    ]),
    ...wrap(decided, width - 2)
      .split('\n')
      .map((line, index) => (index === 0 ? line : `  ${line}`)),
  ];
}

/** The rules that decided nothing. */
function unreached(rules: string, results: readonly CaseResult[]): string[] {
  const reached = new Set(results.map(({ rule }) => rule));
  const names = (JSON.parse(rules) as { rules: { name: string }[] }).rules.map(({ name }) => name);
  return names.filter((name) => !reached.has(name));
}
