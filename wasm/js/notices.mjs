/** The notices of the libraries that are packed into the package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOf } from './libraries.mjs';

/**
 * Writes the notices for the packages that files belong to.
 *
 * @param {string[]} files absolute paths of what was packed
 * @returns {string} Markdown
 */
export function notices(files) {
  const parts = packagesOf(files).map(
    ({ folder, name, version, license }) =>
      `## ${name} ${version}\n\nLicence: ${license}\n\n\`\`\`\n${licenceText(folder, name)}\n\`\`\`\n`,
  );
  return `# Third-party notices\n\nThis package contains code of these libraries.\n\n${parts.join('\n')}`;
}

function licenceText(folder, name) {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file; it cannot be packed`);
  return readFileSync(join(folder, file), 'utf8').trim();
}
