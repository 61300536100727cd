/** `edgeseal explain`: every check of a request, and the mistake behind a refusal. */
import { type Check, type Explanation, Verifier } from '../../index.js';
import { type Command, exitCodes } from '../command.js';
import { columns, type Io, printable, wrap } from '../output.js';
import { readRequest, readVerifierOptions, requestFields, requestOptions } from '../request.js';
import { headline } from './verify.js';

/** The command. */
export const command: Command = {
  name: 'explain',
  operands: ['URL'],
  about:
    'Walks every check of a signed URL or of signed cookies without stopping at the first failure, decodes the policy, and names the likely mistake with its remedy. Without a public key the signature cannot be checked, and everything else still is. Ends with exit code 1 when the request is denied or cannot be judged.',
  options: {
    ...requestOptions,
    host: {
      kind: 'list',
      value: 'NAME',
      help: 'another host name of the distribution, under which the URL may have been signed; may be repeated',
    },
  },
  examples: [
    ['read a policy, without any key', "edgeseal explain 'https://files.example.com/a?Policy=...'"],
    [
      'find out why a link is refused',
      'pbpaste | edgeseal explain - --public-key K2JCJMDEHXQW5F=key.public.pem',
    ],
    [
      'was it signed for the other domain name?',
      "edgeseal explain 'https://files.example.com/a?Expires=...' \\\n    --public-key K2JCJMDEHXQW5F=key.public.pem \\\n    --host d111111abcdef8.cloudfront.net",
    ],
  ],
  fields: requestFields,
  async run(given, io) {
    const options = await readVerifierOptions(given);
    const hosts = given.list('host');
    const request = await readRequest(given);
    const explanation = new Verifier(options).explain(hosts.length > 0 ? { ...request, hosts } : request);
    if (io.json) io.value(explanation);
    else write(explanation, Object.keys(options.keys).length > 0, io);
    return explanation.verdict.allowed ? exitCodes.ok : exitCodes.denied;
  },
};

function write(explanation: Explanation, withKeys: boolean, io: Io): void {
  const { verdict, checks, policyText, warnings, causes } = explanation;
  const judged = withKeys || verdict.allowed || verdict.reason !== 'unknown-key';
  io.line(
    judged
      ? headline(verdict, io)
      : `${io.paint('yellow', 'not judged')}\n  No public key was given, so the signature is not checked.`,
  );
  section('Checks', io);
  for (const check of checks) io.line(checkLine(check, io));
  if (policyText !== undefined) {
    section('Policy', io);
    io.line(indented(pretty(policyText)));
  }
  if (warnings.length > 0) {
    section('Warnings', io);
    for (const { code, message } of warnings)
      io.line(wrap(`${printable(message)} [${code}]`, io.width, '  '));
  }
  if (causes.length > 0) {
    section(causes.length === 1 ? 'Likely cause' : 'Likely causes', io);
    for (const { code, sentence, fix } of causes) {
      io.line(wrap(`${printable(sentence)} [${code}]`, io.width, '  '));
      io.line(columns([['Remedy:', printable(fix)]], io.width, '    '));
    }
  }
}

function section(title: string, io: Io): void {
  io.line();
  io.line(io.paint('bold', title));
}

const marks = {
  pass: ['green', 'pass'],
  fail: ['red', 'FAIL'],
  unknown: ['yellow', '?'],
} as const;
const titleWidth = 35;

function checkLine({ title, outcome, detail }: Check, io: Io): string {
  const [style, mark] = marks[outcome];
  const gap = 8 + titleWidth;
  const text = detail ? wrap(printable(detail), io.width, ' '.repeat(gap)).slice(gap) : '';
  return `  ${io.paint(style, mark.padEnd(4))}  ${`${title.padEnd(titleWidth)}${text}`.trimEnd()}`;
}

/** JSON laid out; what is no JSON stays as it is. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${printable(line)}`)
    .join('\n');
}
