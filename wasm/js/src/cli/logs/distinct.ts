/**
 * Counts distinct texts in bounded memory: exactly up to a limit, and beyond it by HyperLogLog (Flajolet and others,
 * 2007), whose error at 2048 registers is about 2.3 %.
 */

const exactUpTo = 1_000;
const indexBits = 11;
const registers = 1 << indexBits;
const bias = 0.7213 / (1 + 1.079 / registers);

/** A number of distinct texts. */
export interface Count {
  count: number;
  /** Whether it is an estimate. */
  approximate: boolean;
}

/** A set of texts that only knows how many they are. */
export class Distinct {
  /** Hashes, not texts: a piece of a line would keep the whole chunk that it was cut from. */
  #exact: Set<number> | undefined = new Set();
  #registers: Uint8Array | undefined;

  /** Adds a text. */
  add(text: string): void {
    const hash = hashOf(text);
    if (this.#exact !== undefined) {
      this.#exact.add(hash);
      if (this.#exact.size <= exactUpTo) return;
      this.#registers = new Uint8Array(registers);
      for (const earlier of this.#exact) note(this.#registers, earlier);
      this.#exact = undefined;
      return;
    }
    if (this.#registers !== undefined) note(this.#registers, hash);
  }

  /** How many there were. */
  get value(): Count {
    if (this.#registers === undefined) return { count: this.#exact?.size ?? 0, approximate: false };
    return { count: estimate(this.#registers), approximate: true };
  }
}

function note(ranks: Uint8Array, hash: number): void {
  const index = hash >>> (32 - indexBits);
  const rank = Math.clz32((hash << indexBits) | (1 << (indexBits - 1))) + 1;
  if (rank > (ranks[index] ?? 0)) ranks[index] = rank;
}

function estimate(ranks: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of ranks) {
    sum += 2 ** -rank;
    if (rank === 0) empty += 1;
  }
  const raw = (bias * registers * registers) / sum;
  if (raw <= 2.5 * registers && empty > 0) return Math.round(registers * Math.log(registers / empty));
  // Hashes of 32 bits run into one another.
  const range = 2 ** 32;
  return Math.round(raw <= range / 30 ? raw : -range * Math.log1p(-raw / range));
}

/** FNV-1a, with the last step of MurmurHash3 to spread it over all bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
