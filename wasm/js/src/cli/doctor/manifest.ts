/** Reads what package.json and lock files say about the packages. */
import type { PackageName } from './packages.js';
import { Reader } from './syntax.js';
import { tokenize } from './tokens.js';

/** The packages that a package.json can name. */
const wanted: readonly PackageName[] = ['@aws-sdk/cloudfront-signer', 'aws-cloudfront-sign', 'aws-sdk'];
const groups = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** A package that a package.json asks for. */
export interface Dependency {
  name: PackageName;
  /** As written there, unless it is an address, which may hold a password. */
  range: string;
  /** Offset in the file. */
  offset: number;
}

/** The dependencies of a package.json; none when it cannot be read. */
export function dependenciesIn(text: string): Dependency[] {
  const reader = new Reader(tokenize(text, false));
  const found: Dependency[] = [];
  for (let index = 0; index < reader.tokens.length; index += 1) {
    const group = reader.text(index);
    if (
      group === undefined ||
      !groups.includes(group) ||
      !reader.is(index + 1, ':') ||
      !reader.is(index + 2, '{')
    )
      continue;
    const end = reader.closing(index + 2);
    for (let at = index + 3; at < end; at += 1) {
      const name = wanted.find((one) => one === reader.text(at));
      const range = reader.text(at + 2);
      if (name === undefined || range === undefined || !reader.is(at + 1, ':')) continue;
      found.push({ name, range: shownRange(range), offset: reader.tokens[at]?.start ?? 0 });
      at += 2;
    }
    index = end;
  }
  return found;
}

/** A version, a range or a tag, also behind `npm:` and its like; any other range is the address of a repository or an archive. */
function shownRange(range: string): string {
  const plain = /^(?:(?:npm|workspace|catalog|patch):(?:@?[\w.-]+\/)?)?[\w.^~<>=|*+@\s-]*$/.test(range);
  return plain ? range.slice(0, 100) : '(an address)';
}

/** The lock files, and the program that writes each. */
export const lockFiles: Readonly<Record<string, 'npm' | 'yarn' | 'pnpm' | 'bun'>> = {
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
  'yarn.lock': 'yarn',
  'pnpm-lock.yaml': 'pnpm',
  'bun.lock': 'bun',
};

/** A version as it stands in lock files. */
const version = String.raw`(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)`;

/** The versions of each package that a lock file holds. */
export function lockedVersions(text: string, file: string): Map<PackageName, string[]> {
  const found = new Map<PackageName, string[]>();
  for (const name of wanted) {
    const quoted = name.replaceAll(/[/.]/g, '\\$&');
    const patterns: Record<string, string> = {
      npm: String.raw`"(?:[^"\n]*node_modules/)?${quoted}":\s*\{\s*"version":\s*"${version}"`,
      yarn: String.raw`^"?${quoted}@[^\n]*:\n\s+version:?\s+"?${version}`,
      pnpm: String.raw`^[ \t]+'?/?${quoted}[@/]${version}[^\n]*:`,
      bun: String.raw`"(?:[^"\n]*/)?${quoted}":\s*\["${quoted}@${version}"`,
    };
    const pattern = patterns[lockFiles[file] ?? ''];
    if (pattern === undefined) continue;
    const versions = [...text.matchAll(new RegExp(pattern, 'gm'))].map(([, number = '']) => number);
    if (versions.length > 0) found.set(name, [...new Set(versions)].sort());
  }
  return found;
}

/** The first number of a version or a range: `^1.2.0` gives 1. */
export function majorOf(range: string): number | undefined {
  const [digits] = /\d+/.exec(range) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
