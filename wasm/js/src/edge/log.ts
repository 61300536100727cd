/** One line of JSON for each refusal. It never holds a signature, a cookie, or the query string. */
import type { Decision } from './decision.js';
import type { ViewerRequestEvent } from './event.js';

/** Takes one log line. */
export type LogSink = (line: string) => void;

/** The longest path that a line repeats. */
const longestPath = 512;

/** Writes the line for a decision, or for an internal fault. */
export function logLine(
  event: ViewerRequestEvent,
  decision: Decision | { kind: 'fault'; fault: string },
): string {
  const cf = event?.Records?.[0]?.cf;
  const facts = {
    level: decision.kind === 'fault' ? 'error' : decision.kind === 'deny' ? 'warn' : 'info',
    source: 'edgeseal',
    decision: decision.kind === 'fault' ? 'deny' : decision.kind,
    ...detailsOf(decision),
    requestId: cf?.config?.requestId,
    distributionId: cf?.config?.distributionId,
    method: shortText(cf?.request?.method, 16),
    path: shortText(cf?.request?.uri, longestPath),
    clientIp: shortText(cf?.request?.clientIp, 64),
  };
  return JSON.stringify(facts);
}

function detailsOf(decision: Decision | { kind: 'fault'; fault: string }): Record<string, unknown> {
  switch (decision.kind) {
    case 'fault':
      return { reason: 'internal', message: decision.fault, status: 403 };
    case 'allow':
      return { rule: decision.rule, keyPairId: decision.keyPairId };
    case 'respond':
      return { rule: decision.rule, status: decision.status };
    case 'deny':
      return {
        reason: decision.reason,
        message: decision.message,
        detail: decision.detail,
        rule: decision.rule,
        status: decision.status,
      };
  }
}

function shortText(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, longest) : undefined;
}
