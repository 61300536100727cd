// The examples that the AWS command line ships, as documents by operation.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../scripts/lib/process.mjs';
import { pythonEnvironment } from '../../../scripts/lib/setup/python.mjs';

/**
 * Members that an example shows and an answer need not have, each with the reason.
 */
const absent = new Map([
  [
    'DescribeProvisioningParameters.ProvisioningArtifactOutputs',
    'superseded by ProvisioningArtifactOutputKeys',
  ],
  [
    'DescribeProvisionedProduct.ProvisionedProductDetail.StatusMessage',
    'the example shows a product in error',
  ],
  ['ScanProvisionedProducts.ProvisionedProducts[].StatusMessage', 'the example shows a product in error'],
  ['SearchProvisionedProducts.ProvisionedProducts[].StatusMessage', 'the example shows a product in error'],
]);

/** Texts that are there only when somebody wrote them. */
const optional = new Set([
  'Description',
  'ShortDescription',
  'Distributor',
  'SupportEmail',
  'SupportDescription',
  'SupportUrl',
]);

/** @returns {Promise<Record<string, unknown>>} by operation, the document that the example prints */
export async function examples() {
  const programs = await pythonEnvironment('aws');
  const { stdout } = await run(join(programs, 'python'), [
    '-c',
    'import awscli, os; print(os.path.join(os.path.dirname(awscli.__file__), "examples", "servicecatalog"))',
  ]);
  const folder = stdout.trim();
  const found = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.rst'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const output = text.split(/^Output::\s*$/m)[1];
    if (!output) continue;
    const lines = output.split('\n');
    const end = lines.findIndex((line) => /^\S/.test(line));
    const document = lines
      .slice(0, end < 0 ? undefined : end)
      .join('\n')
      .trim();
    const name = file
      .replace('.rst', '')
      .split('-')
      .map((word) => word[0].toUpperCase() + word.slice(1))
      .join('');
    try {
      found[name] = JSON.parse(document);
    } catch {
      // An example whose document is abridged shows no shape to compare with.
    }
  }
  return found;
}

/** Members that `example` has and `answer` has not, or has in another type. */
export function differences(where, example, answer) {
  if (absent.has(where)) return [];
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return [`${where} is no list`];
    if (example.length === 0 || answer.length === 0) return [];
    return differences(`${where}[]`, example[0], answer[0]);
  }
  if (example !== null && typeof example === 'object') {
    return Object.entries(example).flatMap(([key, value]) => {
      const path = `${where}.${key}`;
      if (answer?.[key] === undefined)
        return absent.has(path) || optional.has(key) ? [] : [`${path} is missing`];
      return differences(path, value, answer[key]);
    });
  }
  // The examples show timestamps both as numbers and as the texts that the command line makes of them.
  if (/Time$/.test(where)) return typeof answer === 'number' ? [] : [`${where} is no timestamp`];
  return typeof example === typeof answer ? [] : [`${where} is ${typeof answer}, not ${typeof example}`];
}
