/** What is found in logs. */
import type { Group } from './groups.js';

/** A place in a file. */
export interface Place {
  file: string;
  line: number;
}

/** Everything that was found. The names are stable. */
export interface LogReport {
  version: 1;
  files: { read: number; damaged: { file: string; reason: string }[]; moreDamaged: number };
  lines: {
    total: number;
    /** Requests of an access log, within the filters. */
    requests: number;
    /** Decisions of the edge handler, within the filters. */
    edge: number;
    /** Outside `--since`, `--until` and `--host`. */
    filtered: number;
    /** Header lines of access logs. */
    headers: number;
    /** Lines that Lambda writes, and lines of other programs. */
    other: number;
    unreadable: number;
    unreadableExamples: (Place & { reason: string })[];
  };
  requests: {
    /** Answered with a status below 400. */
    allowed: number;
    refused: { total: number; bySignature: number; byOther: number; unclear: number };
    /** Answered with another status from 400 on, or with none. */
    otherwise: number;
  };
  edge: { allowed: number; refused: number };
  groups: Group[];
  /** Refusals in groups that are not listed. */
  others: number;
}
