/** What `edgeseal dev` prints: where it is, what to try, and a line for each request. */

import { behaviours } from '../dev/behaviours.js';
import type { EdgeDecision } from '../dev/decision.js';
import type { LocalEdge } from '../dev/local-edge.js';
import type { Sample } from '../dev/sample.js';
import { type Io, printable, wrap } from './output.js';

/** What there is to say at the start. */
export interface Announcement {
  edge: LocalEdge;
  hasPolicy: boolean;
  /** The signing key was made at the start. */
  throwaway: boolean;
  samples: { upload: Sample | undefined; download: Sample | undefined };
}

/** The text of the start, or one line of JSON. */
export function announce(announcement: Announcement, io: Io): string {
  const { edge, samples, throwaway } = announcement;
  if (io.json) {
    return line({
      event: 'listening',
      url: edge.url,
      origin: edge.origin,
      store: edge.storeDescription,
      keyGroup: edge.hasKeyGroup,
      keyPairId: edge.signer.keyPairId,
      uploadUrl: samples.upload?.url,
      downloadUrl: samples.download?.url,
    });
  }
  const stages = behaviours.map(
    ({ pathPattern, methods, validated }) =>
      `  ${pathPattern.padEnd(13)}${methodsInWords(methods).padEnd(20)}${stagesOf(announcement, validated)}`,
  );
  return [
    `${io.paint('bold', 'The local edge listens on')} ${io.paint('green', edge.url)}`,
    ...(edge.origin === edge.url ? [] : [`It stands in for ${edge.origin}`]),
    `Objects are in ${printable(edge.storeDescription)}`,
    `Sample URLs are signed by ${edge.signer.keyPairId}${throwaway ? ', a key that was made just now' : ''}`,
    '',
    io.paint('bold', 'Behaviours'),
    ...stages,
    '',
    ...sampleLines('An upload to try', 'no rule takes a PUT below /upload/', samples.upload, io),
    '',
    ...sampleLines('And a download of it', 'no rule takes a GET below /download/', samples.download, io),
    '',
    io.paint('bold', 'Requests (Ctrl-C ends)'),
  ].join('\n');
}

function methodsInWords(methods: readonly string[]): string {
  return methods.length === 7 ? 'all methods' : methods.join(' ');
}

function stagesOf({ edge, hasPolicy }: Announcement, validated: boolean): string {
  const last = hasPolicy && validated ? 'rules' : 'prefix function';
  return edge.hasKeyGroup ? `key group, ${last}` : last;
}

function sampleLines(title: string, nothing: string, sample: Sample | undefined, io: Io): string[] {
  const heading = io.paint('bold', title);
  if (sample === undefined) return [`${heading}: ${nothing}`];
  const lines = [heading, `  ${sample.curl.map(shellWord).join(' ')}`];
  const { decision, reason, message } = sample.word;
  if (decision === 'deny') {
    const words = `It will be refused (${reason}): ${message}`;
    lines.push(wrap(words, io.width, '  '));
  }
  return lines;
}

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The longest path that a line shows. */
const longestPath = 200;

/** The line for a request, for people or as JSON. */
export function decisionLine(decision: EdgeDecision, io: Io): string {
  const path = printable(decision.path.slice(0, longestPath));
  if (io.json) return line({ event: 'decision', ...decision, path });
  const { rule, reason, bytes, by } = decision;
  const facts = [
    ...(rule === undefined ? [] : [`rule ${rule}`]),
    ...(reason === undefined ? [] : [`${reason} (${by})`]),
    ...(bytes === undefined ? [] : [`${bytes} bytes`]),
  ];
  const colour = decision.decision === 'deny' ? 'red' : 'green';
  return [
    io.paint('dim', `${decision.time.slice(11, 19)}Z`),
    io.paint(colour, decision.decision.padEnd(7)),
    String(decision.status ?? '---'),
    printable(decision.method).padEnd(4),
    path,
    ...(facts.length > 0 ? [io.paint('dim', facts.join(', '))] : []),
  ].join(' ');
}

/** One line of JSON with nothing in it that a terminal would obey. */
function line(value: object): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\u{10ffff}]/gu, (character) =>
    [...new Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
