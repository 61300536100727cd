/** Looks at one JavaScript or TypeScript file. */
import { CallRules } from './call-rules.js';
import { findCalls, type SignerUse } from './calls.js';
import { Constants } from './constants.js';
import type { Edit } from './diff.js';
import { cookieRules, hashRules, keyFiles, policyRules } from './file-rules.js';
import type { Draft } from './findings.js';
import { findModules, type Mention } from './modules.js';
import { compatNames, type PackageName } from './packages.js';
import { Reader } from './syntax.js';
import { type Token, tokenize } from './tokens.js';

/** What a file says. */
export interface FileReport {
  drafts: Draft[];
  /** How often each package is named or called. */
  uses: Map<PackageName, number>;
  /** Replacements that need no thought. */
  edits: Edit[];
  /** Mentions of the AWS signer that do need one. */
  byHand: number;
  /** Files that a private key is read from, as written. */
  keyFiles: { offset: number; option: string; path: string }[];
}

const hint = /cloudfront-sign|aws-sdk/;
const dropIn = 'edgeseal/compat';

/** What a file without any of the packages says. */
export function nothing(): FileReport {
  return { drafts: [], uses: new Map(), edits: [], byHand: 0, keyFiles: [] };
}

/** Looks at a source. `jsx`: whether it may hold elements. `oldTimes`: aws-cloudfront-sign 1, which took seconds. */
export function lookAtJavaScript(source: string, options: { jsx: boolean; oldTimes: boolean }): FileReport {
  const report = nothing();
  if (!hint.test(source)) return report;
  const reader = new Reader(tokenize(source, options.jsx));
  const modules = findModules(reader);
  if (modules.mentions.length === 0) return report;
  const constants = new Constants(reader);
  const { calls, signers } = findCalls(reader, modules, constants);
  const rules = new CallRules(reader, constants, options.oldTimes ? 's' : 'ms');
  const mentions = modules.mentions.filter(({ name }) => name !== 'aws-sdk');
  for (const mention of mentions) report.drafts.push(mentioned(reader, mention, report, source));
  report.drafts.push(...signerDrafts(reader, signers), ...calls.flatMap((call) => rules.judge(call)));
  for (const { name } of [...mentions, ...calls]) count(report, name);
  for (const _ of signers) count(report, 'aws-sdk');
  if (report.uses.size === 0) return report;
  report.drafts.push(...policyRules(reader, constants), ...hashRules(reader, calls, constants));
  if (calls.some(({ call }) => /Cookie/.test(call))) report.drafts.push(...cookieRules(reader, constants));
  report.keyFiles = keyFiles(reader, calls, signers, constants);
  return report;
}

function count(report: FileReport, name: PackageName): void {
  report.uses.set(name, (report.uses.get(name) ?? 0) + 1);
}

/** What a mention of a package becomes. */
function mentioned(reader: Reader, mention: Mention, report: FileReport, source: string): Draft {
  const offset = reader.tokens[mention.start]?.start ?? 0;
  const base = { code: 'replace-import' as const, offset, package: mention.name };
  if (mention.name === 'aws-cloudfront-sign') {
    return {
      ...base,
      message: 'aws-cloudfront-sign becomes the Signer of edgeseal, which reads its key once.',
      fix: "import { Signer } from 'edgeseal', and make one with Signer.fromPem({ keyPairId, privateKey }).",
    };
  }
  const obstacle = whyByHand(mention);
  if (obstacle !== undefined) {
    report.byHand += 1;
    return {
      ...base,
      message: `${mention.form === 're-export' ? 'This re-export' : 'This'} needs a hand: ${obstacle.why}.`,
      fix: obstacle.fix,
    };
  }
  const specifier = reader.tokens[mention.at];
  if (specifier !== undefined) {
    const quote = source[specifier.start] ?? "'";
    report.edits.push({ start: specifier.start, end: specifier.end, text: quote + dropIn + quote });
  }
  const replacement = rewritten(reader, mention, source);
  return {
    ...base,
    message:
      mention.form === 'mock'
        ? 'A test stands in for the module by its name.'
        : 'The same functions, options, defaults and bytes are in edgeseal/compat.',
    fix: `Write '${dropIn}' for '${mention.specifier}'.`,
    ...(replacement === undefined ? {} : { replacement }),
  };
}

function whyByHand({ specifier, names, form }: Mention): { why: string; fix: string } | undefined {
  if (specifier !== '@aws-sdk/cloudfront-signer') {
    return { why: 'it reaches into the package', fix: `Take what you need from '${dropIn}' by name.` };
  }
  if (names.includes('default') && form !== 'require') {
    return { why: `${dropIn} has no default export`, fix: `import * as signer from '${dropIn}'.` };
  }
  const strange = names.filter((name) => name !== '*' && !compatNames.has(name));
  if (strange.length === 0) return undefined;
  return {
    why: `${dropIn} has no ${strange.slice(0, 3).join(', ')}`,
    fix: `Take getSignedUrl and getSignedCookies, and their types, from '${dropIn}'.`,
  };
}

/** The statement with the other specifier, written anew from its tokens: no comment and no other text gets in. */
function rewritten(reader: Reader, mention: Mention, source: string): string | undefined {
  const tokens = reader.tokens.slice(mention.start, mention.end);
  if (
    tokens.some(
      ({ kind, start }) => kind !== 'name' && kind !== 'punct' && start !== reader.tokens[mention.at]?.start,
    )
  ) {
    return undefined;
  }
  let line = '';
  let before: Token | undefined;
  for (const token of tokens) {
    const own = token.kind === 'name' || token.kind === 'punct' ? token.text : `'${dropIn}'`;
    line += before !== undefined && spaced(before, token) ? ` ${own}` : own;
    before = token;
  }
  const ends = mention.form !== 'mock' && source[reader.tokens[mention.end - 1]?.end ?? 0] === ';';
  return line.length > 200 ? undefined : line + (ends ? ';' : '');
}

function spaced(before: Token, token: Token): boolean {
  if (/^[(.]$/.test(before.text)) return false;
  return !/^[,;:).(]$/.test(token.text);
}

function signerDrafts(reader: Reader, signers: readonly SignerUse[]): Draft[] {
  return signers
    .filter(({ made }) => made)
    .map(({ at }) => ({
      code: 'replace-signer',
      offset: reader.tokens[at - 1]?.start ?? 0,
      package: 'aws-sdk',
      call: 'CloudFront.Signer',
      message:
        'AWS.CloudFront.Signer becomes the Signer of edgeseal. aws-sdk version 2 has reached its end of support.',
      fix: "import { Signer } from 'edgeseal', and Signer.fromPem({ keyPairId, privateKey, hash: 'SHA1' }) for new CloudFront.Signer(keyPairId, privateKey).",
    }));
}
