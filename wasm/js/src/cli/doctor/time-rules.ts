/** Times in the wrong unit, times that are far away, and times that are one moment for good. */
import type { Constants } from './constants.js';
import type { Code } from './findings.js';
import type { Expression } from './syntax.js';
import { secondsEnd, type Time, timeOf } from './times.js';

/** What a place takes: milliseconds (or a `Date`), or seconds. */
export type Unit = 's' | 'ms';

/** What is wrong with a time. */
export interface TimeProblem {
  code: Code;
  message: string;
  fix: string;
}

const week = 7 * 86_400;

/** What is wrong with the time that an option gets, if the text shows it. `end` is for the end of validity alone. */
export function timeProblem(
  option: string,
  expression: Expression,
  constants: Constants,
  takes: Unit,
  end: boolean,
): TimeProblem | undefined {
  for (const choice of constants.choices(expression)) {
    const time = timeOf(choice, constants);
    const problem = wrongUnit(option, time, takes) ?? (end ? farAway(option, time, takes) : undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function wrongUnit(option: string, time: Time, takes: Unit): TimeProblem | undefined {
  if (takes === 'ms') {
    const seconds =
      (time.kind === 'now' && time.unit === 's') ||
      (time.kind === 'date' && time.early === true) ||
      (time.kind === 'number' && time.value < secondsEnd);
    return seconds ? inSeconds(option) : undefined;
  }
  const milliseconds =
    time.kind === 'date' ||
    (time.kind === 'now' && time.unit === 'ms') ||
    (time.kind === 'number' && time.value >= secondsEnd);
  return milliseconds ? inMilliseconds(option, time.kind === 'date') : undefined;
}

function inSeconds(option: string): TimeProblem {
  return {
    code: 'time-in-seconds',
    message: `${option} gets seconds and takes milliseconds: the moment is in January 1970, and CloudFront refuses the link.`,
    fix: 'Pass a Date, or milliseconds: new Date(Date.now() + 15 * 60 * 1000).',
  };
}

function inMilliseconds(option: string, date: boolean): TimeProblem {
  return {
    code: 'time-in-milliseconds',
    message: `${option} gets ${date ? 'a Date' : 'milliseconds'} and takes whole seconds: CloudFront answers such a link with MalformedPolicy.`,
    fix: 'Pass Math.floor(Date.now() / 1000) + 15 * 60. The Signer of edgeseal also takes a Date, or a duration such as 15m.',
  };
}

function farAway(option: string, time: Time, takes: Unit): TimeProblem | undefined {
  if (time.kind === 'fixed' || time.kind === 'number') {
    return {
      code: 'fixed-expiry',
      message: `${option} is one moment for good: every link ends then, however late it is made.`,
      fix: 'Count from now: new Date(Date.now() + 15 * 60 * 1000), or 15m with the Signer of edgeseal.',
    };
  }
  if (time.kind === 'unknown' || time.ahead === undefined) return undefined;
  const unit = time.kind === 'now' ? time.unit : 'ms';
  return (
    mixed(option, time.ahead, unit) ?? long(option, unit === 'ms' ? time.ahead / 1_000 : time.ahead, takes)
  );
}

/** A round number of the other unit, which is no round one of its own. */
function mixed(option: string, ahead: number, unit: Unit): TimeProblem | undefined {
  if (ahead <= 0) return undefined;
  if (unit === 'ms' && (ahead < 10_000 || (ahead % 3_600 === 0 && ahead % 1_000 !== 0))) {
    return {
      code: 'seconds-added-to-milliseconds',
      message: `${option} is ${spoken(ahead / 1_000)} from now: it looks as if seconds were added to milliseconds.`,
      fix: 'Multiply what is added by 1000.',
    };
  }
  if (unit === 's' && ahead >= 600_000 && ahead % 60_000 === 0 && ahead % 86_400 !== 0) {
    return {
      code: 'milliseconds-added-to-seconds',
      message: `${option} is ${spoken(ahead)} from now: it looks as if milliseconds were added to seconds.`,
      fix: 'Divide what is added by 1000.',
    };
  }
  return undefined;
}

function long(option: string, seconds: number, takes: Unit): TimeProblem | undefined {
  if (seconds <= week) return undefined;
  const unit = takes === 's' ? 'in seconds' : 'in milliseconds';
  return {
    code: 'long-expiry',
    message: `${option} is ${spoken(seconds)} from now. Whoever gets hold of the link has it for so long; only taking the key out of the key group ends it sooner.`,
    fix: `Sign for minutes, when the link is asked for; the option stays ${unit}.`,
  };
}

function spoken(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} seconds`;
  if (seconds < 2 * 86_400) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 86_400)} days`;
}
