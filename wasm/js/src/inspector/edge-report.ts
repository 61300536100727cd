/** What the edge decides about a request by a rule file. */
import { type Decision, decide } from '../edge/decision.js';
import type { CloudFrontRequest } from '../edge/event.js';
import { createCore } from '../edge/handler.js';
import { bakeRules, type Finding, lintRules } from '../edge-build/rules.js';
import type { Verdict } from '../verifier.js';
import type { Keys } from './engine.js';

/** A request as the edge sees it. */
export interface EdgeQuestion {
  url: string;
  method: string;
  cookies: readonly string[];
  headers: readonly (readonly [string, string])[];
  clientIp: string;
  /** Seconds since 1970. */
  now: number;
  keys: Keys;
}

/** The edge's part of an inspection. */
export interface EdgeReport {
  findings: Finding[];
  /** Who verifies the signature; absent when the rule file cannot be used. */
  mode?: string;
  decision?: Decision;
  /** What is to be said before the decision. */
  remark?: string;
}

/** Holds a request against a rule file. */
export function askEdge(rules: string, question: EdgeQuestion, verdict: Verdict): EdgeReport {
  const ids = Object.keys(question.keys);
  const findings = lintRules(rules, ids.length > 0 ? ids : undefined);
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const baked = bakeRules(rules);
  const { mode } = JSON.parse(baked) as { mode: string };
  const core = createCore({ policy: baked, keys: question.keys, memo: false });
  const decision = decide(core, requestOf(question), question.now);
  core.free();
  const remark = remarkOn(decision, mode, ids.length > 0, verdict);
  return { findings, mode, decision, ...(remark === undefined ? {} : { remark }) };
}

function remarkOn(decision: Decision, mode: string, withKey: boolean, verdict: Verdict): string | undefined {
  if (mode === 'standalone') {
    return decision.kind === 'deny' && decision.reason === 'unknown-key' && !withKey
      ? 'These rules verify the signature themselves, and no public key was given.'
      : undefined;
  }
  if (verdict.allowed) return undefined;
  return verdict.reason === 'unknown-key' && !withKey
    ? 'CloudFront checks the signature first, which is not judged here without a public key. If it is good:'
    : `CloudFront checks the signature first, and refuses this request (${verdict.reason}) before the rules see it. With a good signature:`;
}

/** A viewer request as CloudFront would hand it over. */
function requestOf({ url, method, cookies, headers, clientIp }: EdgeQuestion): CloudFrontRequest {
  const [, host = '', uri = '', querystring = ''] =
    /^https?:\/\/([^/?#]*)([^?#]*)\??([^#]*)/i.exec(url) ?? [];
  const all: [string, string][] = [
    ['host', host],
    ...headers.map(([name, value]): [string, string] => [name, value]),
  ];
  for (const cookie of cookies) all.push(['cookie', cookie]);
  const grouped: CloudFrontRequest['headers'] = {};
  for (const [key, value] of all) {
    const values = Object.hasOwn(grouped, key) ? (grouped[key] ?? []) : [];
    grouped[key] = [...values, { key, value }];
  }
  return { clientIp, method, uri: uri === '' ? '/' : uri, querystring, headers: grouped };
}
