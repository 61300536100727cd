/** What a time expression comes to: which unit, and how far from now, without running it. */
import type { Constants } from './constants.js';
import type { Expression } from './syntax.js';

/** A time, as far as the text shows. */
export type Time =
  /** A plain number. */
  | { kind: 'number'; value: number }
  /** Now as a number in a unit, and what is added to it, in the same unit, where that is known. */
  | { kind: 'now'; unit: 's' | 'ms'; ahead: number | undefined }
  /** A `Date`, a text made of one, or an object of a library for dates; `ahead` in milliseconds. */
  | {
      kind: 'date';
      ahead: number | undefined /** Made of seconds: a moment in January 1970. */;
      early?: true;
    }
  /** One moment for good: a text, or a `Date` made of literals. */
  | { kind: 'fixed' }
  | { kind: 'unknown' };

const unknown: Time = { kind: 'unknown' };
const deepest = 40;
const mostParts = 500;
const rounding = new Set(['floor', 'round', 'ceil', 'trunc']);
/** Milliseconds in the units of moment, dayjs and luxon. */
const units: Record<string, number> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  year: 31_536_000_000,
};
const shortUnits: Record<string, string> = {
  ms: 'millisecond',
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
};

/** Reads a time. */
export function timeOf(expression: Expression, constants: Constants): Time {
  // Constants that are made of one another can stand for more parts than there are atoms.
  let parts = 0;
  const read = (part: Expression, depth: number): Time => {
    parts += 1;
    if (parts > mostParts || depth > deepest) return unknown;
    return reading(constants.resolve(part), (next) => read(next, depth + 1));
  };
  return read(expression, 0);
}

function reading(value: Expression, inner: (next: Expression) => Time): Time {
  switch (value.kind) {
    case 'number':
      return { kind: 'number', value: value.value };
    case 'text':
      return value.whole && !Number.isNaN(Date.parse(value.value)) ? { kind: 'fixed' } : unknown;
    case 'binary':
      return combine(value.operator, inner(value.left), inner(value.right));
    case 'call':
      return call(value, inner);
    default:
      return unknown;
  }
}

function combine(operator: string, left: Time, right: Time): Time {
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', value: calculate(operator, left.value, right.value) };
  }
  // `+date` and `date - 0` make milliseconds of a date.
  const from = left.kind === 'date' ? asNumber(left) : left;
  const other = right.kind === 'date' ? asNumber(right) : right;
  if (from.kind === 'now' && other.kind === 'number') return shift(operator, from, other.value);
  if (other.kind === 'now' && operator === '+') {
    return from.kind === 'number' ? shift('+', other, from.value) : { ...other, ahead: undefined };
  }
  if (other.kind === 'now' && operator === '*' && from.kind === 'number')
    return shift('*', other, from.value);
  if (from.kind === 'now' && (operator === '+' || operator === '-') && other.kind === 'unknown') {
    return { ...from, ahead: undefined };
  }
  return unknown;
}

/** The number of a date: for one that was made of seconds, these. */
function asNumber({ ahead, early }: { ahead: number | undefined; early?: true }): Time {
  return { kind: 'now', unit: early ? 's' : 'ms', ahead };
}

function calculate(operator: string, left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (operator === '/') return left / right;
  return operator === '%' ? left % right : left ** right;
}

function shift(
  operator: string,
  { unit, ahead }: { unit: 's' | 'ms'; ahead: number | undefined },
  by: number,
): Time {
  const moved = (value: number) => (ahead === undefined ? undefined : value);
  if (operator === '+') return { kind: 'now', unit, ahead: moved((ahead ?? 0) + by) };
  if (operator === '-') return { kind: 'now', unit, ahead: moved((ahead ?? 0) - by) };
  if (operator === '/' && by === 1_000 && unit === 'ms') {
    return { kind: 'now', unit: 's', ahead: moved((ahead ?? 0) / by) };
  }
  if (operator === '*' && by === 1_000 && unit === 's') {
    return { kind: 'now', unit: 'ms', ahead: moved((ahead ?? 0) * by) };
  }
  return unknown;
}

type Call = Extract<Expression, { kind: 'call' }>;

function call(value: Call, inner: (next: Expression) => Time): Time {
  const { callee, args, made } = value;
  const [first] = args;
  if (callee.kind === 'name') {
    if (callee.name === 'Date' && made) return date(args, inner);
    if ((callee.name === 'moment' || callee.name === 'dayjs') && first === undefined)
      return { kind: 'date', ahead: 0 };
    const number = callee.name === 'Number' || callee.name === 'parseInt' || callee.name === 'parseFloat';
    return number && first !== undefined ? plain(inner(first)) : unknown;
  }
  if (callee.kind !== 'member') return unknown;
  const { object, property } = callee;
  if (object.kind === 'name' && object.name === 'Date' && property === 'now') {
    return { kind: 'now', unit: 'ms', ahead: 0 };
  }
  if (object.kind === 'name' && object.name === 'Math') {
    return rounding.has(property) && first !== undefined ? inner(first) : unknown;
  }
  if (object.kind === 'name' && object.name === 'DateTime' && /^(?:now|utc)$/.test(property)) {
    return { kind: 'date', ahead: 0 };
  }
  return method(property, inner(object), args, inner);
}

function plain(time: Time): Time {
  return time.kind === 'date' ? asNumber(time) : time;
}

function date(args: readonly Expression[], inner: (next: Expression) => Time): Time {
  const [first, second] = args;
  if (first === undefined) return { kind: 'date', ahead: 0 };
  if (second !== undefined)
    return args.every((arg) => inner(arg).kind === 'number') ? { kind: 'fixed' } : unknown;
  const time = inner(first);
  if (time.kind === 'now') {
    const { ahead } = time;
    return time.unit === 'ms' ? { kind: 'date', ahead } : { kind: 'date', ahead, early: true };
  }
  if (time.kind === 'number') {
    return time.value > secondsEnd ? { kind: 'fixed' } : { kind: 'date', ahead: undefined, early: true };
  }
  return time.kind === 'fixed' || time.kind === 'date' ? time : unknown;
}

function method(
  name: string,
  object: Time,
  args: readonly Expression[],
  inner: (next: Expression) => Time,
): Time {
  if (object.kind === 'fixed') return /^(?:to\w+String|toJSON)$/.test(name) ? object : unknown;
  // toString and toFixed of a number, as they are used after division.
  if (object.kind === 'now') return /^(?:toFixed|toString|valueOf)$/.test(name) ? object : unknown;
  if (object.kind !== 'date') return unknown;
  if (/^(?:to\w+String|toJSON|toISO|toDate|toJSDate|utc|clone|local)$/.test(name)) return object;
  if (/^(?:getTime|valueOf|toMillis)$/.test(name)) return asNumber(object);
  if (/^(?:unix|toSeconds|toUnixInteger)$/.test(name)) {
    return { kind: 'now', unit: 's', ahead: object.ahead === undefined ? undefined : object.ahead / 1_000 };
  }
  if (name === 'add' || name === 'plus') {
    const span = spanOf(args, inner);
    const { ahead } = object;
    return { kind: 'date', ahead: ahead === undefined || span === undefined ? undefined : ahead + span };
  }
  return unknown;
}

/** `(30, 'days')` and `({ days: 30 })` in milliseconds. */
function spanOf(args: readonly Expression[], inner: (next: Expression) => Time): number | undefined {
  const [first, second] = args;
  if (first?.kind === 'object' && !first.open) {
    let sum = 0;
    for (const [name, value] of first.properties) {
      const amount = inner(value);
      const unit = unitOf(name);
      if (amount.kind !== 'number' || unit === undefined) return undefined;
      sum += amount.value * unit;
    }
    return sum;
  }
  const amount = first === undefined ? undefined : inner(first);
  const unit = second?.kind === 'text' ? unitOf(second.value) : undefined;
  return amount?.kind === 'number' && unit !== undefined ? amount.value * unit : undefined;
}

function unitOf(text: string): number | undefined {
  const long = shortUnits[text] ?? text.toLowerCase().replace(/s$/, '');
  return Object.hasOwn(units, long) ? units[long] : undefined;
}

/** A number from here on is no number of seconds: it would be the year 5138. */
export const secondsEnd = 100_000_000_000;
