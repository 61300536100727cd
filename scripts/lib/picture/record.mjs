/** What a program writes to a terminal, line by line. */
import { spawn } from 'node:child_process';
import { Problem } from '../problem.mjs';

const columns = 80;

/**
 * Runs a program in a terminal of 80 columns, made by util-linux's `script`, and answers its lines with their colours.
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<string[]>}
 */
export async function record(program, args) {
  const words = [program, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn('script', ['-qefc', `stty cols ${columns} rows 40; ${words}`, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  const code = await new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', done);
  });
  const lines = linesOf(text);
  if (code !== 0)
    throw new Problem(`the recorded program ended with code ${code}:\n${lines.slice(-10).join('\n')}`);
  return lines;
}

/** A line that was written over holds what was written last. */
export function linesOf(text) {
  const lines = text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1).replaceAll('\u001b[2K', ''));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
