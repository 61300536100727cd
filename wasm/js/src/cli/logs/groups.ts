/** Refusals by cause, in bounded memory. */
import { type Count, Distinct } from './distinct.js';
import type { Blame } from './judge.js';

/** One refusal, redacted already. */
export interface Refusal {
  source: 'access' | 'edge';
  blame: Blame | 'edge';
  code: string;
  sentence: string;
  fix: string | undefined;
  time: number | undefined;
  /** For counting only; never shown. */
  client: string | undefined;
  /** For counting only; never shown. */
  path: string | undefined;
  keyPairId: string | undefined;
  encodingUnsure: boolean;
  /** Made only where it is needed. */
  example(): Example;
}

/** One refusal of a group, redacted. */
export interface Example {
  file: string;
  line: number;
  /** RFC 3339. */
  time?: string;
  method?: string;
  url: string;
  /** Parameters of the query that are not shown, not even by name. */
  hiddenParameters: number;
  clientIp?: string;
  status: number;
}

/** What there is to say of one cause. */
export interface Group {
  source: 'access' | 'edge';
  /** Who refused: CloudFront's check of the signature, something else, the edge handler; or nobody can tell. */
  blame: Blame | 'edge';
  code: string;
  count: number;
  /** Of all refusals of the same source, from 0 to 1. */
  share: number;
  sentence: string;
  fix?: string;
  firstSeen?: string;
  lastSeen?: string;
  clients: Count;
  paths: Count;
  keyPairIds: string[];
  /** More key-pair ids than are listed, or ids that are none. */
  moreKeyPairIds: boolean;
  /** Requests for which the log leaves open how the query was written. */
  encodingUnsure: number;
  example: Example;
}

/** More causes than there are; a log could be made to hold any number of them. */
const mostGroups = 100;
const mostKeyPairIds = 10;

class Gathered {
  count = 0;
  encodingUnsure = 0;
  first: number | undefined;
  last: number | undefined;
  readonly clients = new Distinct();
  readonly paths = new Distinct();
  readonly keyPairIds = new Set<string>();
  moreKeyPairIds = false;
  readonly #refusal: Refusal;
  readonly #example: Example;

  constructor(refusal: Refusal) {
    this.#refusal = refusal;
    this.#example = refusal.example();
  }

  add({ time, client, path, keyPairId, encodingUnsure }: Refusal): void {
    this.count += 1;
    if (encodingUnsure) this.encodingUnsure += 1;
    if (time !== undefined) {
      this.first = Math.min(this.first ?? time, time);
      this.last = Math.max(this.last ?? time, time);
    }
    if (client !== undefined) this.clients.add(client);
    if (path !== undefined) this.paths.add(path);
    if (keyPairId === undefined || this.keyPairIds.has(keyPairId)) return;
    if (this.keyPairIds.size < mostKeyPairIds) this.keyPairIds.add(copy(keyPairId));
    else this.moreKeyPairIds = true;
  }

  group(refusals: number): Group {
    const { source, blame, code, sentence, fix } = this.#refusal;
    return {
      source,
      blame,
      code,
      count: this.count,
      share: Math.round((this.count / refusals) * 10_000) / 10_000,
      sentence,
      ...(fix === undefined ? {} : { fix }),
      ...(this.first === undefined ? {} : { firstSeen: instantText(this.first) }),
      ...(this.last === undefined ? {} : { lastSeen: instantText(this.last) }),
      clients: this.clients.value,
      paths: this.paths.value,
      keyPairIds: [...this.keyPairIds].sort(),
      moreKeyPairIds: this.moreKeyPairIds,
      encodingUnsure: this.encodingUnsure,
      example: this.#example,
    };
  }
}

/** A text that keeps nothing alive but itself; a slice would keep the chunk that it was cut from. */
function copy(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** Seconds since 1970 as RFC 3339 text. */
export function instantText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Gathers refusals into groups. */
export class Groups {
  readonly #groups = new Map<string, Gathered>();
  readonly #refusals = { access: 0, edge: 0 };
  #others = 0;

  /** Counts a refusal. */
  add(refusal: Refusal): void {
    this.#refusals[refusal.source] += 1;
    const key = `${refusal.source} ${refusal.blame} ${refusal.code}`;
    let gathered = this.#groups.get(key);
    if (gathered === undefined) {
      if (this.#groups.size >= mostGroups) {
        this.#others += 1;
        return;
      }
      gathered = new Gathered(frozen(refusal));
      this.#groups.set(copy(key), gathered);
    }
    gathered.add(refusal);
  }

  /** The groups, most frequent first, and how many refusals are in none of them. */
  list(top: number | undefined): { groups: Group[]; others: number } {
    const all = [...this.#groups.values()]
      .sort((one, other) => other.count - one.count)
      .map((gathered, index) => ({ gathered, shown: top === undefined || index < top }));
    const left = all.filter(({ shown }) => !shown).reduce((sum, { gathered }) => sum + gathered.count, 0);
    return {
      groups: all
        .filter(({ shown }) => shown)
        .map(({ gathered }) => {
          const { source } = gathered.group(1);
          return gathered.group(this.#refusals[source]);
        }),
      others: left + this.#others,
    };
  }
}

/** A refusal whose texts are copies. */
function frozen(refusal: Refusal): Refusal {
  const example = refusal.example();
  const texts = JSON.parse(JSON.stringify({ example, code: refusal.code, sentence: refusal.sentence })) as {
    example: Example;
    code: string;
    sentence: string;
  };
  return { ...refusal, code: texts.code, sentence: texts.sentence, example: () => texts.example };
}
