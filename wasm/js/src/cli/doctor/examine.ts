/** Looks at a whole project. */
import { lstatSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Edit, fileDiff } from './diff.js';
import { type Code, codes, type Draft, type Finding } from './findings.js';
import { type FileReport, lookAtJavaScript } from './javascript.js';
import { dependenciesIn, lockedVersions, lockFiles, majorOf } from './manifest.js';
import type { PackageName } from './packages.js';
import { lookAtPython } from './python.js';
import { findPrivateKeys } from './secrets.js';
import { Places } from './tokens.js';
import { filesBelow, mostBytes, readPlain, type Skipped } from './walk.js';

/** Where and in which version a project asks for a package. */
export interface PackageUse {
  name: PackageName;
  /** The package.json files that ask for it, with the ranges. */
  asked: { file: string; range: string }[];
  /** The versions in the lock files. */
  locked: string[];
  /** How often sources name or call it. */
  uses: number;
}

/** What the doctor says about a project. */
export interface Report {
  findings: Finding[];
  packages: PackageUse[];
  filesRead: number;
  skipped: Skipped[];
  /** The program that installs packages here. */
  installer: 'npm' | 'yarn' | 'pnpm' | 'bun';
  /** The diff of every replacement that needs no thought. */
  diff: string;
  /** Files whose replacements the diff leaves out, since a line beside them must stay hidden. */
  withheld: string[];
  /** Mentions that need a hand. */
  byHand: number;
}

const sources = /\.(?:[cm]?js|[cm]?ts|jsx|tsx)$/;
const withElements = /\.(?:[cm]?js|jsx|tsx)$/;
const mostLockBytes = 64 * mostBytes;
/** The version whose bytes edgeseal/compat gives. */
const comparedWith = '3.1166.0';

/** Looks at every file below a folder. Runs nothing and writes nothing. */
export function examine(root: string): Report {
  const examination = new Examination(root);
  examination.run();
  return examination.report;
}

class Examination {
  readonly report: Report = {
    findings: [],
    packages: [],
    filesRead: 0,
    skipped: [],
    installer: 'npm',
    diff: '',
    withheld: [],
    byHand: 0,
  };
  readonly #root: string;
  readonly #packages = new Map<PackageName, PackageUse>();
  /** Where package.json files ask for packages. */
  readonly #asked: { file: string; name: PackageName; place: { line: number; column: number } }[] = [];

  constructor(root: string) {
    this.#root = root;
  }

  run(): void {
    const files = [...filesBelow(this.#root, this.report.skipped)];
    for (const file of files) this.#readVersions(file);
    for (const file of files) if (sources.test(file) || file.endsWith('.py')) this.#readSource(file);
    this.#judgeDependencies();
    this.report.packages = [...this.#packages.values()].filter(
      ({ name, uses }) => uses > 0 || (name !== 'aws-sdk' && this.#asked.some((one) => one.name === name)),
    );
    this.report.findings.sort(inOrder);
  }

  #read(file: string, most: number): string | undefined {
    const bytes = readPlain(join(this.#root, file), most);
    if (typeof bytes === 'string') {
      this.report.skipped.push({ file, reason: bytes });
      return undefined;
    }
    this.report.filesRead += 1;
    return bytes.toString('utf8');
  }

  #package(name: PackageName): PackageUse {
    const known = this.#packages.get(name) ?? { name, asked: [], locked: [], uses: 0 };
    this.#packages.set(name, known);
    return known;
  }

  /** package.json and lock files come first: the version says in which unit a time is. */
  #readVersions(file: string): void {
    const base = posix.basename(file);
    const installer = lockFiles[base];
    if (base !== 'package.json' && installer === undefined) return;
    const text = this.#read(file, installer === undefined ? mostBytes : mostLockBytes);
    if (text === undefined) return;
    if (installer !== undefined) {
      if (!file.includes('/')) this.report.installer = installer;
      for (const [name, versions] of lockedVersions(text, base)) {
        const { locked } = this.#package(name);
        for (const version of versions) if (!locked.includes(version)) locked.push(version);
      }
      return;
    }
    const places = new Places(text);
    for (const { name, range, offset } of dependenciesIn(text)) {
      this.#package(name).asked.push({ file, range });
      this.#asked.push({ file, name, place: places.of(offset) });
    }
  }

  #readSource(file: string): void {
    const text = this.#read(file, mostBytes);
    if (text === undefined) return;
    const looked = file.endsWith('.py')
      ? lookAtPython(text)
      : lookAtJavaScript(text, { jsx: withElements.test(file), oldTimes: this.#oldTimes() });
    const drafts = [...looked.drafts, ...keyDrafts(text), ...this.#keyFileDrafts(file, looked)];
    if (drafts.length > 0) {
      const places = new Places(text);
      // Calls that share their options share what is wrong with them.
      const known = new Set<string>();
      for (const { offset, ...draft } of drafts) {
        const key = `${draft.code} ${offset}`;
        if (!known.has(key)) this.#add(draft, file, places.of(offset));
        known.add(key);
      }
    }
    for (const [name, uses] of looked.uses) this.#package(name).uses += uses;
    this.report.byHand += looked.byHand;
    this.#addDiff(file, text, looked.edits);
  }

  #add(draft: Omit<Draft, 'offset'>, file: string, place: { line: number; column: number }): void {
    const { code, ...rest } = draft;
    this.report.findings.push({ code, severity: codes[code], file, ...place, ...rest });
  }

  #addDiff(file: string, text: string, edits: readonly Edit[]): void {
    if (edits.length === 0) return;
    const diff = fileDiff(file, text, edits);
    if (diff === undefined) this.report.withheld.push(file);
    else this.report.diff += diff;
  }

  /** Whether every version of aws-cloudfront-sign here is one that took seconds. */
  #oldTimes(): boolean {
    const use = this.#packages.get('aws-cloudfront-sign');
    const versions =
      use === undefined ? [] : use.locked.length > 0 ? use.locked : use.asked.map(({ range }) => range);
    return versions.length > 0 && versions.every((version) => (majorOf(version) ?? 3) < 2);
  }

  /** A key file is a finding when it lies in the project. */
  #keyFileDrafts(file: string, { keyFiles }: FileReport): Draft[] {
    return keyFiles.flatMap(({ offset, option, path }) => {
      const found = this.#inProject(file, path);
      if (found === undefined) return [];
      return [
        {
          code: 'key-file-in-project' as const,
          offset,
          option,
          message: `The private key is read from ${found}, inside the project: it travels with every copy, and with every image that is built.`,
          fix: 'Keep it in Secrets Manager (createSigner of edgeseal/aws reads it there). If the file was ever committed, make a new key pair.',
        },
      ];
    });
  }

  #inProject(file: string, path: string): string | undefined {
    if (posix.isAbsolute(path) || path.includes('\0')) return undefined;
    for (const base of [posix.dirname(file), '.']) {
      const candidate = posix.normalize(posix.join(base, path.replaceAll('\\', '/')));
      if (candidate.startsWith('..')) continue;
      if (isPlainFile(join(this.#root, candidate))) return candidate;
    }
    return undefined;
  }

  #judgeDependencies(): void {
    for (const { file, name, place } of this.#asked) {
      if (name === 'aws-sdk') continue;
      const { uses, locked } = this.#package(name);
      const unused = uses > 0 ? '' : ' No source that was read uses it.';
      this.#add(
        {
          code: 'replace-dependency',
          package: name,
          message: `${name} gives way to edgeseal.${unused}`,
          fix: swap(this.report.installer, name, uses > 0),
        },
        file,
        place,
      );
      const others = locked.filter((version) => version !== comparedWith);
      if (name !== '@aws-sdk/cloudfront-signer' || others.length === 0) continue;
      this.#add(
        {
          code: 'other-version',
          package: name,
          message: `The lock file has ${others.slice(0, 3).join(', ')}. edgeseal/compat gives the bytes of ${comparedWith}; versions differ in how they write spaces, + and quotes in a URL.`,
          fix: 'Plain URLs stay the same. Links are made anew, so others do not break: they are only written in another way.',
        },
        file,
        place,
      );
    }
  }
}

/** A name in a source may be anything: too long for a file, or behind a folder that may not be read. */
function isPlainFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

function keyDrafts(text: string): Draft[] {
  return findPrivateKeys(text).map((offset) => ({
    code: 'private-key-in-source',
    offset,
    message: 'A private key stands in the source: everyone who can read the code can sign links.',
    fix: 'Treat it as leaked: make a new key pair (npx edgeseal keygen), take the old one out of the key group, and keep the new one in Secrets Manager.',
  }));
}

function swap(installer: Report['installer'], name: string, used: boolean): string {
  const [add, remove] = installer === 'npm' ? ['install', 'uninstall'] : ['add', 'remove'];
  return used
    ? `${installer} ${add} edgeseal, and afterwards ${installer} ${remove} ${name}`
    : `${installer} ${remove} ${name}`;
}

function inOrder(one: Finding, other: Finding): number {
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column || order(one.code) - order(other.code);
}

function order(code: Code): number {
  return Object.keys(codes).indexOf(code);
}
