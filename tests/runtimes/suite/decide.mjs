/** The vectors about the edge: requests, and what the viewer-request handler decides about them. */
import { eventOf } from './event.mjs';
import { same, Unlike } from './support.mjs';

const cookiesOf = (request) => (request.headers.cookie ?? []).map(({ value }) => value);

/** A handler, what it logged, and its clock. */
function handlerOf({ createViewerRequestHandler }, options) {
  const lines = [];
  const clock = { now: 0 };
  const handler = createViewerRequestHandler({
    sampleAllowed: 1,
    log: (line) => lines.push(line),
    now: () => clock.now,
    ...options,
  });
  return { handler, lines, clock };
}

/** The decision in the words of the vectors, from the answer and the line in the log. */
async function decisionOf({ handler, lines }, event) {
  const answer = await handler(event);
  const { decision, reason, rule, keyPairId } = JSON.parse(lines.pop());
  if (decision === 'allow') {
    const { uri, querystring } = answer;
    return { allow: { rule, keyPairId, uri, querystring, cookies: cookiesOf(answer) } };
  }
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, list]) => [name, list.map(({ value }) => value).join(', ')]),
  );
  return { [decision]: { status: Number(answer.status), reason, rule, headers } };
}

/** Holds a decision against the words of a vector, where what is absent stays as it was. */
function compare(found, expect, original) {
  const [kind] = Object.keys(expect);
  if (!(kind in found)) throw new Unlike(`it was to ${kind}; it decided ${JSON.stringify(found)}`);
  const unchanged = {
    allow: { uri: original.uri, querystring: original.querystring, cookies: cookiesOf(original) },
    deny: { rule: undefined },
    respond: {},
  };
  // Who verified it, and where it was, is not for the log to say.
  const { source, verifiedHere, headers = {}, ...fields } = expect[kind];
  for (const [field, value] of Object.entries({ ...unchanged[kind], ...fields }))
    same(found[kind][field], value, field);
  for (const [name, value] of Object.entries(headers))
    same(found[kind].headers[name.toLowerCase()], value, name);
}

/**
 * @param {import('./world.mjs').Faces} faces
 * @param {import('./world.mjs').Data} data
 * @returns {import('./world.mjs').Case[]}
 */
export function decideCases({ edge }, data) {
  const { now, signed, files } = data.edge;
  const keys = Object.fromEntries(
    Object.entries(data.edge.keys).map(([id, { file, enabled }]) => [
      id,
      { publicKey: data.keys[file], enabled },
    ]),
  );
  return files.flatMap(({ name, policy, cases }) => {
    const trusting = handlerOf(edge, { policy, keys });
    const keyless = handlerOf(edge, { policy });
    return cases.map((one) => ({
      group: 'decide',
      name: `${name}: ${one.name}`,
      cryptos: ['auto'],
      check: async () => {
        const used = one.keys === false ? keyless : trusting;
        used.clock.now = one.now ?? now;
        // Twice: the second time the signature is remembered.
        for (let round = 0; round < 2; round += 1) {
          const event = eventOf(one, signed);
          const original = structuredClone(event.Records[0].cf.request);
          compare(await decisionOf(used, event), one.expect, original);
        }
      },
    }));
  });
}
