/**
 * Progress for people: one line for each step, on stderr.
 *
 * On a terminal the line of a running step is overwritten by its result; elsewhere (a log, CI) a start line and a
 * result line are printed, and a sign of life every half minute.
 */
import { styleText } from 'node:util';

const heartbeatMillis = 30_000;
const labelWidth = 24;

const terminal = () => Boolean(process.stderr.isTTY);

/** Colours text for stderr unless it is not a terminal or `NO_COLOR` is set. */
export function paint(style, text) {
  return terminal() && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** Writes one line of progress. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A duration as people say it: `0.4 s`, `12 s`, `3 min 20 s`. */
export function duration(millis) {
  const seconds = millis / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A byte count as people say it. */
export function size(bytes) {
  return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

const label = (title) => title.padEnd(labelWidth);

/** Says that a step had nothing to do. */
export function ready(title, detail = '') {
  say(`${label(title)} ${paint('green', 'ready')}${detail ? `  ${detail}` : ''}`);
}

/**
 * Runs one step that has work to do and says what it does and how long it took.
 * @template T
 * @param {string} title what the step provides
 * @param {string} doing what is being done, as a participle: `compiling wasm-bindgen support`
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [detail] a few words for the result line
 * @returns {Promise<T>}
 */
export async function working(title, doing, work, detail = () => '') {
  const started = performance.now();
  const elapsed = () => duration(performance.now() - started);
  const line = `${label(title)} ${doing} ...`;
  if (terminal()) process.stderr.write(line);
  else say(line);
  const heartbeat = setInterval(() => {
    if (!terminal()) say(`${label(title)} still ${doing} (${elapsed()})`);
  }, heartbeatMillis);
  heartbeat.unref();
  const finish = (text) => {
    clearInterval(heartbeat);
    say(`${terminal() ? '\r\x1b[2K' : ''}${label(title)} ${text}`);
  };
  try {
    const result = await work();
    const words = detail(result);
    finish(`${paint('green', 'done')} in ${elapsed()}${words ? `  ${words}` : ''}`);
    return result;
  } catch (error) {
    finish(`${paint('red', 'failed')} after ${elapsed()}`);
    throw error;
  }
}
