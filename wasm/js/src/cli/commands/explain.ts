/** `edgeseal explain`: every check of a request, and the mistake behind a refusal. */
import { Verifier } from '../../index.js';
import { type Command, exitCodes } from '../command.js';
import { explainLog, logOptions, logSwitch, refuseLogOptions } from '../explain-log.js';
import { findingsText } from '../findings.js';
import { readRequest, readVerifierOptions, requestFields, requestOptions } from '../request.js';

/** The command. */
export const command: Command = {
  name: 'explain',
  operands: ['URL'],
  form: { option: logSwitch, operands: ['FILE...'] },
  about:
    'Walks every check of a signed URL or of signed cookies without stopping at the first failure, decodes the policy, and names the likely mistake with its remedy. Without a public key the signature cannot be checked, and everything else still is. Ends with exit code 1 when the request is denied or cannot be judged. With --from-log it reads access logs and Lambda@Edge logs instead (files, folders, - for stdin; gzip or not), explains every refusal at its own time, and groups them by cause; it ends with 0 when everything was read and 2 when a file was damaged.',
  options: {
    ...requestOptions,
    host: {
      kind: 'list',
      value: 'NAME',
      help: 'another host name of the distribution, under which the URL may have been signed; with --from-log: only requests for this host; may be repeated',
    },
    ...logOptions,
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
    [
      'what was refused in the last day, and why?',
      'edgeseal explain --from-log logs/ --since 1d \\\n    --public-key K2JCJMDEHXQW5F=key.public.pem',
    ],
  ],
  fields: requestFields,
  async run(given, io) {
    if (given.on(logSwitch)) return explainLog(given, io);
    refuseLogOptions(given);
    const options = await readVerifierOptions(given);
    const hosts = given.list('host');
    const request = await readRequest(given);
    const explanation = new Verifier(options).explain(hosts.length > 0 ? { ...request, hosts } : request);
    if (io.json) io.value(explanation);
    else io.line(findingsText(explanation, Object.keys(options.keys).length > 0, io));
    return explanation.verdict.allowed ? exitCodes.ok : exitCodes.denied;
  },
};
