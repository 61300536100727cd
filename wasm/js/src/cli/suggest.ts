/** The word that was probably meant. */

/** How many letters are added, dropped, changed or swapped between two words. */
function distance(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= one.length; row += 1) {
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      const line = rows[row];
      if (line === undefined) continue;
      line[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
  }
  return at(one.length, other.length);
}

/** The known word nearest to a mistyped one, when it is near enough to be meant. */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase().slice(0, 40);
  if (word === '') return undefined;
  const ranked = known
    .map((candidate) => ({
      candidate,
      far: candidate.startsWith(word) && word.length > 1 ? 0 : distance(word, candidate),
    }))
    .sort((one, other) => one.far - other.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(1, Math.floor(word.length / 3))
    ? best.candidate
    : undefined;
}
