/** Counts what the lines of logs say. */
import { DelimitedReader } from './delimited.js';
import { textOf } from './encoding.js';
import { type Example, Groups, instantText } from './groups.js';
import { readLoose } from './json.js';
import { type Explain, judge } from './judge.js';
import { type AccessRecord, type EdgeRecord, type Reading, refusal } from './record.js';
import {
  isHostName,
  shownAddress,
  shownCode,
  shownHost,
  shownKeyPairId,
  shownMethod,
  shownPath,
  shownQuery,
  shownSentence,
} from './redact.js';
import type { LogReport } from './report.js';
import type { LineSink } from './splitter.js';

/** What counts, and how it is shown. */
export interface TallyOptions {
  explain: Explain;
  /** Only requests at or after this time, in seconds since 1970. */
  since: number | undefined;
  /** Only requests before this time, in seconds since 1970. */
  until: number | undefined;
  /** Only requests for these hosts, in lower case. */
  hosts: ReadonlySet<string>;
  redactIp: boolean;
  /** How many groups to list. */
  top: number | undefined;
  /** The order of the fields in files that do not name them. */
  fieldOrder: readonly string[] | undefined;
}

const mostExamples = 5;
const mostDamaged = 20;
const mostHosts = 8;

/** Counts the lines of one file after another. */
export class Tally implements LineSink {
  readonly #options: TallyOptions;
  readonly #everything: boolean;
  readonly #groups = new Groups();
  readonly #files: LogReport['files'] = { read: 0, damaged: [], moreDamaged: 0 };
  readonly #lines: LogReport['lines'] = {
    total: 0,
    requests: 0,
    edge: 0,
    filtered: 0,
    headers: 0,
    other: 0,
    unreadable: 0,
    unreadableExamples: [],
  };
  readonly #requests: LogReport['requests'] = {
    allowed: 0,
    refused: { total: 0, bySignature: 0, byOther: 0, unclear: 0 },
    otherwise: 0,
  };
  readonly #edge: LogReport['edge'] = { allowed: 0, refused: 0 };
  /** Host names of refused requests: a link that was signed for one may be asked for under another. */
  readonly #hosts = new Set<string>();
  #file = '';
  #reader = new DelimitedReader();

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#everything = options.since !== undefined || options.until !== undefined || options.hosts.size > 0;
  }

  /** How many lines there were. */
  get lines(): number {
    return this.#lines.total;
  }

  /** Goes on with another file. */
  open(file: string): void {
    this.#file = file;
    this.#files.read += 1;
    this.#reader = new DelimitedReader(this.#options.fieldOrder);
  }

  /** The file could not be read to its end. */
  damaged(reason: string): void {
    if (this.#files.damaged.length < mostDamaged) this.#files.damaged.push({ file: this.#file, reason });
    else this.#files.moreDamaged += 1;
  }

  line(text: string, line: number): void {
    this.#lines.total += 1;
    if (text.startsWith('#')) {
      this.#reader.comment(text);
      this.#lines.headers += 1;
      return;
    }
    if (text.trim() === '') {
      this.#lines.other += 1;
      return;
    }
    const one = text.startsWith('{') ? undefined : this.#reader.read(text, this.#everything);
    if (one !== undefined) this.#take(one, line);
    else for (const reading of readLoose(text, this.#everything)) this.#take(reading, line);
  }

  tooLong(line: number): void {
    this.#lines.total += 1;
    this.#take({ kind: 'unreadable', why: 'the line is too long' }, line);
  }

  /** Everything that was found. */
  report(): LogReport {
    return {
      version: 1,
      files: this.#files,
      lines: this.#lines,
      requests: this.#requests,
      edge: this.#edge,
      ...this.#groups.list(this.#options.top),
    };
  }

  #take(reading: Reading, line: number): void {
    switch (reading.kind) {
      case 'passed':
        this.#passed(reading.status);
        return;
      case 'access':
        this.#access(reading, line);
        return;
      case 'edge':
        this.#decision(reading, line);
        return;
      case 'comment':
        this.#lines.headers += 1;
        return;
      case 'runtime':
      case 'foreign':
        this.#lines.other += 1;
        return;
      case 'unreadable':
        this.#lines.unreadable += 1;
        if (this.#lines.unreadableExamples.length < mostExamples)
          this.#lines.unreadableExamples.push({ file: this.#file, line, reason: reading.why });
    }
  }

  #passed(status: number): void {
    this.#lines.requests += 1;
    if (status >= 100 && status < 400) this.#requests.allowed += 1;
    else this.#requests.otherwise += 1;
  }

  /** Whether the filters keep a line. A line that does not have what they ask for is not kept. */
  #kept(time: number | undefined, host: string | undefined): boolean {
    const { since, until, hosts } = this.#options;
    if (since !== undefined && !(time !== undefined && time >= since)) return false;
    if (until !== undefined && !(time !== undefined && time < until)) return false;
    return hosts.size === 0 || (host !== undefined && hosts.has(host.toLowerCase()));
  }

  #access(record: AccessRecord, line: number): void {
    if (!this.#kept(record.time, record.host ?? record.distribution)) {
      this.#lines.filtered += 1;
      return;
    }
    if (record.status !== refusal) {
      this.#passed(record.status);
      return;
    }
    this.#lines.requests += 1;
    const { refused } = this.#requests;
    const found = judge(record, this.#options.explain, this.#hosts);
    this.#noteHost(record.host);
    refused.total += 1;
    if (found.blame === 'signature') refused.bySignature += 1;
    else if (found.blame === 'other') refused.byOther += 1;
    else refused.unclear += 1;
    const { target, keyPairId, ...rest } = found;
    const scheme = /^https?$/.test(record.scheme ?? '') ? record.scheme : 'https';
    this.#groups.add({
      ...rest,
      source: 'access',
      time: record.time,
      client: record.clientIp,
      path: record.path,
      keyPairId: shownKeyPairId(keyPairId),
      example: () => {
        const { text, leftOut } = shownQuery(target.query);
        const url = `${scheme}://${shownHost(record.host ?? record.distribution)}${shownPath(target.path)}${text}`;
        return this.#example(record, url, leftOut, line);
      },
    });
  }

  #noteHost(host: string | undefined): void {
    if (host === undefined || this.#hosts.size >= mostHosts || !isHostName(host)) return;
    if (!this.#hosts.has(host)) this.#hosts.add(Buffer.from(host).toString());
  }

  #decision(record: EdgeRecord, line: number): void {
    if (!this.#kept(record.time, undefined)) {
      this.#lines.filtered += 1;
      return;
    }
    this.#lines.edge += 1;
    if (record.allowed) {
      this.#edge.allowed += 1;
      return;
    }
    this.#edge.refused += 1;
    this.#groups.add({
      source: 'edge',
      blame: 'edge',
      code: shownCode(record.reason),
      sentence: shownSentence(record.message),
      fix: undefined,
      time: record.time,
      client: record.clientIp,
      path: record.path,
      keyPairId: undefined,
      encodingUnsure: false,
      example: () => this.#example(record, shownPath(record.path ?? ''), 0, line),
    });
  }

  #example(record: AccessRecord | EdgeRecord, url: string, hiddenParameters: number, line: number): Example {
    const method = shownMethod(record.method);
    const clientIp = shownAddress(
      record.clientIp === undefined ? undefined : textOf(record.clientIp),
      this.#options.redactIp,
    );
    return {
      file: this.#file,
      line,
      ...(record.time === undefined ? {} : { time: instantText(record.time) }),
      ...(method === undefined ? {} : { method }),
      url,
      hiddenParameters,
      ...(clientIp === undefined ? {} : { clientIp }),
      status: record.status,
    };
  }
}
