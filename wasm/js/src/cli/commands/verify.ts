/** `edgeseal verify`: judges a request. */
import { type Verdict, Verifier } from '../../index.js';
import { type Command, exitCodes, UsageError } from '../command.js';
import { expiryOf, headlineText, verdictInWords, verdictRows } from '../findings.js';
import { columns, type Io, printable } from '../output.js';
import { readRequest, readVerifierOptions, requestFields, requestOptions } from '../request.js';

/** The command. */
export const command: Command = {
  name: 'verify',
  operands: ['URL'],
  about:
    'Judges a URL, with the cookies that would come along, as CloudFront would: allowed (exit code 0), or denied (exit code 1) with one reason. A - in place of the URL reads it from stdin, which keeps it out of the list of processes.',
  options: requestOptions,
  examples: [
    [
      'judge a signed URL',
      "edgeseal verify 'https://files.example.com/a?Expires=...' \\\n    --public-key K2JCJMDEHXQW5F=key.public.pem",
    ],
    [
      'judge cookies, as seen from an address, at a given time',
      'edgeseal verify https://files.example.com/video/1.ts --cookie "$COOKIES" \\\n    --public-key K2JCJMDEHXQW5F=key.public.pem --ip 203.0.113.7 \\\n    --now 2026-01-01T12:00:00Z',
    ],
  ],
  fields: requestFields,
  async run(given, io) {
    const options = await readVerifierOptions(given);
    if (Object.keys(options.keys).length === 0) {
      throw new UsageError(
        'there is no public key to verify with',
        'name it with --public-key K2JCJMDEHXQW5F=FILE; edgeseal explain works without one',
      );
    }
    const request = await readRequest(given);
    const explanation = new Verifier(options).explain(request);
    const { verdict } = explanation;
    if (io.json) io.value(verdict);
    else write(verdict, expiryOf(explanation), io);
    return verdict.allowed ? exitCodes.ok : exitCodes.denied;
  },
};

function write(verdict: Verdict, expires: string, io: Io): void {
  io.line(headlineText(verdictInWords(verdict), io));
  const rows = verdictRows(verdict, expires);
  if (verdict.allowed) for (const { message } of verdict.warnings) rows.push(['warning', message]);
  io.line(
    columns(
      rows.map(([name, text]) => [name, printable(text)]),
      io.width,
    ),
  );
  if (!verdict.allowed) io.remark('edgeseal explain, with the same arguments, shows every check.');
}
