/** `edgeseal verify`: judges a request. */
import { type Verdict, Verifier } from '../../index.js';
import { type Command, exitCodes, UsageError } from '../command.js';
import { headlineText, verdictInWords } from '../findings.js';
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
    const { verdict, checks } = new Verifier(options).explain(request);
    if (io.json) io.value(verdict);
    else write(verdict, checks.find(({ id }) => id === 'expires')?.detail ?? '', io);
    return verdict.allowed ? exitCodes.ok : exitCodes.denied;
  },
};

function write(verdict: Verdict, expires: string, io: Io): void {
  io.line(headlineText(verdictInWords(verdict), io));
  const rows: [string, string][] = [];
  if (verdict.allowed) {
    const { policy } = verdict;
    rows.push(['by', `a signed ${verdict.source === 'url' ? 'URL' : 'cookie'} of key ${verdict.keyPairId}`]);
    rows.push(['policy', `${verdict.policyKind}, ${verdict.hash}`]);
    rows.push([
      'opens',
      printable(policy.resource ?? (verdict.policyKind === 'canned' ? 'this URL' : 'everything')),
    ]);
    if (policy.ipAddress !== undefined) rows.push(['viewers', policy.ipAddress]);
    rows.push(['expires', printable(expires)]);
    for (const { message } of verdict.warnings) rows.push(['warning', printable(message)]);
  } else {
    if (verdict.detail !== undefined) rows.push(['detail', printable(verdict.detail)]);
    const { code, message } = verdict.cloudFrontError;
    rows.push(['CloudFront', `403 ${code}: ${message}`]);
  }
  io.line(columns(rows, io.width));
  if (!verdict.allowed) io.remark('edgeseal explain, with the same arguments, shows every check.');
}
