/** Every published template passes the linters, and the linters would notice what they are there for. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { formatTemplate } from '../../products/tools/lib/cfn-yaml.mjs';
import { allVersions, productsFolder, readVersion, root } from '../../products/tools/lib/products.mjs';
import { cargoTool } from '../../scripts/lib/setup/cargo-tools.mjs';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';

const [lintTools, cfnGuard] = [await pythonEnvironment('lint'), await cargoTool('cfn-guard')];
const rules = join(productsFolder, 'rules');

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { status, output: stdout + stderr };
}

const templates = allVersions().map(({ path }) => relative(root, path));
// Both read their configuration, .cfnlintrc and .checkov.yaml, from the folder they run in.
const cfnLint = (...args) => run(join(lintTools, 'cfn-lint'), args);
const checkov = (...args) => run(join(lintTools, 'checkov'), args);
const guard = (...templates) =>
  run(cfnGuard, [
    'validate',
    '--rules',
    rules,
    '--show-summary',
    'fail',
    ...templates.flatMap((path) => ['--data', path]),
  ]);

test('cfn-lint finds nothing in any version and in the launch roles, informational findings included', () => {
  const { status, output } = cfnLint();
  assert.equal(status, 0, output);
  assert.equal(output.trim(), '');
});

test('cfn-lint looks at every published version and at the launch roles', () => {
  const { output } = cfnLint('--debug', '--format', 'json');
  const unseen = [...templates, 'products/launch-roles.yaml'].filter((path) => !output.includes(path));
  assert.deepEqual(unseen, []);
});

test('checkov finds nothing in any version beyond the checks that are skipped for a reason', () => {
  const { status, output } = checkov('--file', ...templates);
  assert.equal(status, 0, output);
  assert.match(output, /Passed checks: [1-9]\d+, Failed checks: 0/);
});

test('checkov finds nothing in the launch roles beyond the check that is skipped for a reason', () => {
  const { status, output } = checkov(
    '--config-file',
    'products/checkov-launch-roles.yaml',
    '--file',
    'products/launch-roles.yaml',
  );
  assert.equal(status, 0, output);
  assert.match(output, /Passed checks: [1-9]\d+, Failed checks: 0/);
});

for (const path of ['.checkov.yaml', 'products/checkov-launch-roles.yaml']) {
  test(`every check that ${path} skips has its reason above it`, () => {
    const lines = readFileSync(join(root, path), 'utf8').split('\n');
    const skips = lines.flatMap((line, index) => (/^ {2}- CKV/.test(line) ? [index] : []));
    assert.ok(skips.length > 0);
    for (const index of skips) assert.match(lines[index - 1], /^ {2}# .{10,}/, lines[index]);
  });
}

test('the house rules hold for every version', () => {
  const { status, output } = guard(...templates);
  assert.equal(status, 0, output);
});

test('the house rules pass their own test cases', () => {
  const { status, output } = run(cfnGuard, ['test', '--dir', rules]);
  assert.equal(status, 0, output);
});

test('every house rule has a case that passes and a case that fails', () => {
  const { output } = run(cfnGuard, ['test', '--dir', rules, '--output-format', 'json']);
  const cases = JSON.parse(output).flatMap((file) => file.test_cases);
  assert.ok(cases.length > 50, `${cases.length} cases`);
  const seen = (outcome) =>
    new Set(
      cases
        .flatMap((one) => one.passed_rules)
        .filter((rule) => rule.evaluated === outcome)
        .map((rule) => rule.name),
    );
  const [passing, failing] = [seen('PASS'), seen('FAIL')];
  const names = new Set(allRuleNames());
  assert.deepEqual(
    [...names].filter((name) => !passing.has(name)),
    [],
    'no case passes',
  );
  assert.deepEqual(
    [...names].filter((name) => !failing.has(name)),
    [],
    'no case fails',
  );
});

function allRuleNames() {
  const files = readdirSync(rules).filter((name) => name.endsWith('.guard'));
  return files.flatMap((name) =>
    [...readFileSync(join(rules, name), 'utf8').matchAll(/^rule (\w+)/gm)].map(([, rule]) => rule),
  );
}

describe('a real template with one safeguard taken out', () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edgeseal-rules-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const resource = (template, id) => template.Resources[id].Properties;
  const mistakes = [
    [
      's3-bucket',
      '1.1.0',
      'a public access block',
      'public_access_is_blocked',
      (t) => {
        resource(t, 'Bucket').PublicAccessBlockConfiguration.BlockPublicPolicy = false;
      },
    ],
    [
      's3-bucket',
      '1.1.0',
      'the TLS statement',
      'bucket_policies_deny_plain_http',
      (t) => {
        resource(t, 'BucketPolicy').PolicyDocument.Statement.shift();
      },
    ],
    [
      's3-bucket',
      '1.1.0',
      'the missing right to delete',
      'buckets_grant_no_delete',
      (t) => {
        resource(t, 'BucketPolicy').PolicyDocument.Statement[2].Action.push('s3:DeleteObject');
      },
    ],
    [
      's3-bucket',
      '1.0.0',
      'the retention',
      'buckets_are_retained',
      (t) => {
        delete t.Resources.Bucket.DeletionPolicy;
      },
    ],
    [
      'cloudfront-distribution',
      '1.0.0',
      'the key group of uploads',
      'every_behavior_has_a_key_group',
      (t) => {
        delete resource(t, 'Distribution').DistributionConfig.CacheBehaviors[0].TrustedKeyGroups;
      },
    ],
    [
      'cloudfront-distribution',
      '1.0.0',
      'https',
      'viewers_use_https_only',
      (t) => {
        resource(t, 'Distribution').DistributionConfig.CacheBehaviors[1].ViewerProtocolPolicy = 'allow-all';
      },
    ],
    [
      'private-key-secret',
      '1.0.0',
      'NoEcho',
      'private_key_parameters_are_no_echo',
      (t) => {
        t.Parameters.PrivateKey.NoEcho = false;
      },
    ],
    [
      'private-key-secret',
      '1.0.0',
      'the silence of outputs',
      'outputs_hold_no_key_material',
      (t) => {
        t.Outputs.Key = { Value: { Ref: 'PrivateKey' } };
      },
    ],
    [
      'dynamodb-metadata-table',
      '1.0.0',
      'point-in-time recovery',
      'tables_are_encrypted_and_restorable',
      (t) => {
        delete resource(t, 'Table').PointInTimeRecoverySpecification;
      },
    ],
    [
      'iam-integration-role',
      '1.0.0',
      'the condition of its trust',
      'roles_trust_no_stranger',
      (t) => {
        delete resource(t, 'Role').AssumeRolePolicyDocument.Statement[0].Condition;
      },
    ],
  ];
  for (const [product, version, what, rule, change] of mistakes) {
    test(`${product} without ${what} fails the rule ${rule}`, () => {
      const template = structuredClone(readVersion(product, version));
      change(template);
      const path = join(folder, `${rule}.yaml`);
      writeFileSync(path, formatTemplate(template));
      const { status, output } = guard(path);
      assert.equal(status, 19, output);
      assert.match(output, new RegExp(`${rule}\\s+FAIL`), basename(path));
    });
  }
});
