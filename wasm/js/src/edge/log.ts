/** One line of JSON for each refusal. It never holds a signature, a cookie, or the query string. */
import type { Decision } from './decision.js';
import type { ViewerRequestEvent } from './event.js';

/** Takes one log line. */
export type LogSink = (line: string) => void;

/** What a line is about: a decision, or whatever was thrown. */
type Occurrence = Decision | { kind: 'fault'; fault: unknown };

/** The longest path, and the longest detail, that a line repeats. */
const longestText = 512;

/** Writes lines. A sink that fails, now or later, changes no decision. */
export function logger(sink: LogSink): (event: ViewerRequestEvent, occurrence: Occurrence) => void {
  return (event, occurrence) => {
    try {
      const written: unknown = sink(JSON.stringify({ ...factsOf(occurrence), ...circumstances(event) }));
      if (written instanceof Promise) written.catch(() => {});
    } catch {
      // There is nowhere left to say so.
    }
  };
}

function factsOf(occurrence: Occurrence): Record<string, unknown> {
  const source = 'edgeseal';
  switch (occurrence.kind) {
    case 'fault': {
      const message = `the handler met a ${nameOf(occurrence.fault)}; the event is probably not a viewer request`;
      return { level: 'error', source, decision: 'deny', reason: 'internal', message, status: 403 };
    }
    case 'allow': {
      const { rule, keyPairId } = occurrence;
      return { level: 'info', source, decision: 'allow', rule, keyPairId };
    }
    case 'respond': {
      const { rule, status } = occurrence;
      return { level: 'info', source, decision: 'respond', rule, status };
    }
    case 'deny': {
      const { reason, message, rule, status } = occurrence;
      const detail = shortText(occurrence.detail, longestText);
      return { level: 'warn', source, decision: 'deny', reason, message, detail, rule, status };
    }
  }
}

/** Who asked for what. Whatever cannot be read is left out. */
function circumstances(event: ViewerRequestEvent): Record<string, unknown> {
  try {
    const { config, request } = event.Records[0]?.cf ?? {};
    return {
      requestId: shortText(config?.requestId, 128),
      distributionId: shortText(config?.distributionId, 64),
      method: shortText(request?.method, 16),
      path: shortText(request?.uri, longestText),
      clientIp: shortText(request?.clientIp, 64),
    };
  } catch {
    return {};
  }
}

/** The kind of what was thrown. Its message may hold parts of the request. */
function nameOf(fault: unknown): string {
  try {
    return fault instanceof Error ? (shortText(fault.name, 40) ?? 'fault') : typeof fault;
  } catch {
    return 'fault';
  }
}

function shortText(value: unknown, longest: number): string | undefined {
  return typeof value === 'string' ? value.slice(0, longest) : undefined;
}
