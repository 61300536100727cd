/** The fragment of a link that carries a question, without its secrets, to another person. */
import { emptyFields, type FieldName, type Fields, fieldNames, tooLong } from './fields.js';
import type { Inspection } from './inspect.js';
import { holdsPrivateKey } from './private-key.js';
import { mayTravel, withoutForeignCookies, withoutSignatures } from './redact.js';

/** What a link may hold beside the request. */
export interface ShareChoices {
  key: boolean;
  rules: boolean;
  ip: boolean;
}

/** What came with a link. */
export interface Shared {
  fields: Fields;
  /** The codes that the sender's page found, which this page cannot check: verdict first, then causes. */
  seen: string[];
}

const mark = 'inspect';

/** The fragment, without `#`. It is built from what was understood, so that nothing else of a pasted text gets in. */
export function shareFragment(fields: Fields, inspection: Inspection, choices: ShareChoices): string {
  const { request, judgedAt } = inspection;
  const shared: Partial<Fields> = {
    request: withoutSignatures(request.url ?? ''),
    cookies: request.cookies
      .map(withoutForeignCookies)
      .filter((header) => header !== '')
      .map((header) => `Cookie: ${header}`)
      .join('\n'),
    keyPairId: withoutSignatures(fields.keyPairId),
    time: judgedAt,
    hosts: withoutSignatures(fields.hosts),
    method: request.method ?? '',
    headers: request.headers
      .filter(([name]) => mayTravel(name))
      .map(([name, value]) => `${name}: ${withoutSignatures(value)}`)
      .join('\n'),
    ...(choices.key ? { key: fields.key.trim() } : {}),
    ...(choices.rules ? { rules: fields.rules } : {}),
    ...(choices.ip ? { ip: fields.ip.trim() } : {}),
  };
  const parameters = new URLSearchParams({ [mark]: '1' });
  for (const name of fieldNames) if (shared[name]) parameters.set(name, shared[name]);
  const seen = codesOf(inspection);
  if (seen.length > 0) parameters.set('seen', seen.join('.'));
  return parameters.toString();
}

function codesOf({ explanation, seen }: Inspection): string[] {
  if (seen.length > 0) return seen;
  if (explanation === undefined) return [];
  const { verdict, causes } = explanation;
  return [verdict.allowed ? 'allowed' : verdict.reason, ...causes.map(({ code }) => code)];
}

/** Reads a fragment; undefined when it is none of ours. */
export function readFragment(fragment: string): Shared | undefined {
  const parameters = new URLSearchParams(fragment.replace(/^#/, ''));
  if (parameters.get(mark) !== '1') return undefined;
  const fields = { ...emptyFields };
  for (const name of fieldNames) fields[name] = safe(name, parameters.get(name) ?? '');
  const seen = (parameters.get('seen') ?? '').split('.').filter((code) => /^[a-z0-9-]{1,40}$/.test(code));
  return { fields, seen: seen.slice(0, 10) };
}

/** A link that somebody else made may hold anything. */
function safe(name: FieldName, text: string): string {
  return tooLong(name, text.length) === undefined && !holdsPrivateKey(text) ? text : '';
}
