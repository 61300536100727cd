/** Checks of the CloudFormation templates and of the house rules for them. */
import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { root } from '../paths.mjs';
import { filesUnder } from '../stamp.mjs';

const rules = 'products/rules';

const under = (folder, fits) =>
  filesUnder(join(root, folder))
    .map((file) => relative(root, file))
    .filter((file) => fits(basename(file)));

/** Every version of every product. */
export const templates = () => under('products', (name) => name === 'template.yaml');

/** Each rule file has its tests beside it: rules/buckets.guard and rules/tests/buckets_tests.yaml. */
function ruleTests(guard) {
  return under(rules, (name) => name.endsWith('.guard')).map((file) => ({
    program: guard,
    args: [
      'test',
      '--rules-file',
      file,
      '--test-data',
      `${rules}/tests/${basename(file, '.guard')}_tests.yaml`,
    ],
  }));
}

const ruleCheck = (guard) => ({
  program: guard,
  args: ['validate', '--rules', rules, '--show-summary', 'fail', '--data', ...templates()],
});

const checkovConfig = 'products/checkov.yaml';

/** @type {import('../test/runner.mjs').Suite[]} */
export const productChecks = [
  {
    name: 'cfn-lint',
    what: 'templates against the CloudFormation resource schemas',
    needs: ['lint'],
    commands: ({ lint }) => [{ program: join(lint, 'cfn-lint'), args: ['--', ...templates()] }],
  },
  {
    name: 'cfn-guard',
    what: 'house rules: their own tests, then every template',
    needs: ['guard'],
    commands: ({ guard }) => [...ruleTests(guard), ruleCheck(guard)],
  },
  {
    name: 'checkov',
    what: 'security policies for templates',
    needs: ['lint'],
    commands: ({ lint }) => [
      {
        program: join(lint, 'checkov'),
        args: [
          ...(existsSync(join(root, checkovConfig)) ? ['--config-file', checkovConfig] : []),
          ...[
            '--compact',
            '--quiet',
            '--skip-download',
            '--framework',
            'cloudformation',
            '--file',
            ...templates(),
          ],
        ],
      },
    ],
  },
].map((check) => ({ ...check, runner: 'check' }));
