/** Composed products are built from the templates of their modules, and the committed files are up to date. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts of Fn::Sub use the same syntax
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { composedFiles } from '../../products/tools/compose.mjs';
import { formatTemplate, parseTemplate } from '../../products/tools/lib/cfn-yaml.mjs';
import { compose } from '../../products/tools/lib/compose.mjs';
import { staleFiles } from '../../products/tools/lib/generated.mjs';
import { allVersions, productsFolder, readVersion, root } from '../../products/tools/lib/products.mjs';

const bucket = parseTemplate(`
Parameters:
  Name: { Type: String, Default: '' }
  Distribution: { Type: String, Default: '' }
Conditions:
  HasName: !Not [!Equals [!Ref Name, '']]
  HasDistribution: !Not [!Equals [!Ref Distribution, '']]
  HasBoth: !And [!Condition HasName, !Condition HasDistribution]
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties: { BucketName: !If [HasName, !Ref Name, !Ref AWS::NoValue] }
  Policy:
    Type: AWS::S3::BucketPolicy
    DependsOn: Bucket
    Condition: HasDistribution
    Properties:
      Source: !If [HasDistribution, !Sub 'arn:\${AWS::Partition}:distribution/\${Distribution}', '*']
      Literal: !Sub '\${!Name}-\${Bucket.Arn}-\${Given}'
      Tags: [!If [HasDistribution, !Ref AWS::NoValue, lost], !If [HasName, named, !Ref AWS::NoValue]]
  Both: { Type: 'AWS::S3::Bucket', Condition: HasBoth }
Outputs:
  BucketName: { Value: !Ref Bucket }
  BucketArn: { Value: !GetAtt Bucket.Arn }
`);
bucket.Resources.Policy.Properties.Literal = {
  'Fn::Sub': ['${!Name}-${Bucket.Arn}-${Given}', { Given: { Ref: 'Name' } }],
};

const distribution = parseTemplate(`
Parameters:
  BucketName: { Type: String }
  Domain: { Type: String }
Metadata:
  AWS::CloudFormation::Interface:
    ParameterGroups: [{ Label: { default: The answers }, Parameters: [BucketName, Domain] }]
    ParameterLabels: { BucketName: { default: Bucket }, Domain: { default: Domain } }
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties: { Origin: !Sub '\${BucketName}.s3.\${AWS::URLSuffix}', Alias: !Ref Domain }
Outputs:
  Id: { Value: !Ref Distribution }
`);

const wired = () => ({
  description: 'Both',
  modules: [
    {
      product: 'bucket',
      version: '1.0.0',
      prefix: 'Storage',
      title: 'Bucket',
      wire: { Distribution: { of: 'distribution', output: 'Id' } },
    },
    {
      product: 'distribution',
      version: '1.0.0',
      prefix: 'Cdn',
      title: 'Distribution',
      wire: { BucketName: { of: 'bucket', output: 'BucketName' } },
    },
  ],
});
const composeSample = (spec) =>
  compose(spec, (product) => structuredClone({ bucket, distribution }[product]));

test('an output of one module becomes a reference in another', () => {
  const { Resources } = composeSample(wired());
  assert.deepEqual(Resources.CdnDistribution.Properties.Origin, {
    'Fn::Sub': '${StorageBucket}.s3.${AWS::URLSuffix}',
  });
  assert.deepEqual(Resources.StoragePolicy.Properties.Source, {
    'Fn::Sub': 'arn:${AWS::Partition}:distribution/${CdnDistribution}',
  });
});

test('logical ids, attributes, variables and dependencies follow the prefix, and literals stay', () => {
  const { StoragePolicy } = composeSample(wired()).Resources;
  assert.equal(StoragePolicy.DependsOn[0], 'StorageBucket');
  assert.deepEqual(StoragePolicy.Properties.Literal, {
    'Fn::Sub': ['${!Name}-${StorageBucket.Arn}-${Given}', { Given: { Ref: 'Name' } }],
  });
});

test('a condition on a wired parameter is decided at once, and an open one stays', () => {
  const { Conditions, Resources } = composeSample(wired());
  assert.deepEqual(Object.keys(Conditions), ['StorageHasName', 'StorageHasBoth']);
  assert.deepEqual(Conditions.StorageHasBoth, { Condition: 'StorageHasName' });
  assert.equal(Resources.StoragePolicy.Condition, undefined);
  assert.equal(Resources.StorageBoth.Condition, 'StorageHasBoth');
  assert.deepEqual(Resources.StorageBucket.Properties.BucketName, {
    'Fn::If': ['StorageHasName', { Ref: 'Name' }, { Ref: 'AWS::NoValue' }],
  });
  assert.deepEqual(Resources.StoragePolicy.Properties.Tags, [
    { 'Fn::If': ['StorageHasName', 'named', { Ref: 'AWS::NoValue' }] },
  ]);
});

test('a parameter that is wired to an empty value drops what it switches off', () => {
  const spec = wired();
  spec.modules[0].wire.Distribution = { value: '' };
  const { Resources } = composeSample(spec);
  assert.deepEqual(Object.keys(Resources), ['StorageBucket', 'CdnDistribution']);
});

test('wired parameters vanish from the form, required ones come first', () => {
  const { Metadata, Parameters } = composeSample(wired());
  assert.deepEqual(Object.keys(Parameters), ['Name', 'Domain']);
  assert.deepEqual(Metadata['AWS::CloudFormation::Interface'].ParameterGroups[0].Parameters, ['Domain']);
});

test('one parameter can serve two modules', () => {
  const spec = wired();
  spec.modules[0].wire.Name = { of: 'distribution', parameter: 'Domain' };
  assert.deepEqual(composeSample(spec).Conditions.StorageHasName, {
    'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Domain' }, ''] }],
  });
});

const mistakes = [
  [
    'a wire to an unknown module',
    (spec) => {
      spec.modules[0].wire.Distribution.of = 'table';
    },
    'unknown-module',
  ],
  [
    'a wire to an unknown output',
    (spec) => {
      spec.modules[0].wire.Distribution.output = 'Arn';
    },
    'unknown-output',
  ],
  [
    'a wire of an unknown parameter',
    (spec) => {
      spec.modules[0].wire.Nothing = { value: '' };
    },
    'unknown-parameter',
  ],
  [
    'a wire to an unknown parameter',
    (spec) => {
      spec.modules[0].wire.Name = { of: 'distribution', parameter: 'Nothing' };
    },
    'unknown-parameter',
  ],
  [
    'wires in a circle',
    (spec) => {
      spec.modules[0].wire.Name = { of: 'distribution', parameter: 'Domain' };
      spec.modules[1].wire.Domain = { of: 'bucket', parameter: 'Name' };
    },
    'wire-cycle',
  ],
  [
    'two modules with one prefix and name',
    (spec) => {
      spec.modules.push({ ...spec.modules[0] });
    },
    'name-taken',
  ],
];
for (const [what, change, code] of mistakes) {
  test(`${what} is refused as ${code}`, () => {
    const spec = wired();
    change(spec);
    assert.throws(() => composeSample(spec), { name: 'ComposeError', code });
  });
}

test('a condition that would have to look at a resource is refused', () => {
  const strict = structuredClone(bucket);
  strict.Conditions.HasDistribution = { 'Fn::Equals': [{ Ref: 'Distribution' }, 'E1'] };
  assert.throws(() => compose(wired(), (product) => ({ bucket: strict, distribution })[product]), {
    code: 'condition-on-resource',
  });
});

test('every committed composed template is what its modules give today', () => {
  const files = composedFiles();
  assert.equal(files.length, 1);
  assert.deepEqual(staleFiles(files), []);
});

test('the stack asks three questions and holds every resource of its modules', () => {
  const stack = readVersion('signed-urls-stack', '1.0.0');
  const required = Object.keys(stack.Parameters).filter(
    (name) => stack.Parameters[name].Default === undefined,
  );
  assert.deepEqual(required, ['CustomDomainName', 'AcmCertificateArn', 'ApplicationRoleName']);
  const spec = parse(readFileSync(join(productsFolder, 'signed-urls-stack/1.0.0/compose.yaml'), 'utf8'));
  const count = ({ product, version }) => Object.keys(readVersion(product, version).Resources).length;
  assert.equal(
    Object.keys(stack.Resources).length,
    spec.modules.reduce((sum, module) => sum + count(module), 0),
  );
});

for (const { product, version } of allVersions()) {
  test(`${product} ${version} means the same in YAML 1.1, which CloudFormation reads, and in YAML 1.2`, () => {
    const template = readVersion(product, version);
    const text = formatTemplate(template);
    assert.deepEqual(parseTemplate(text), template);
    assert.deepEqual(parse(text, { version: '1.1' }), template);
  });
}

test('the command refuses an option it does not know', () => {
  const { status, stderr } = spawnSync(process.execPath, ['products/tools/compose.mjs', '--chekc'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.match(stderr, /--chekc.*--check/);
});
