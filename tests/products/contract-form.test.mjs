/** product.yaml is well-formed, its examples fit their templates, and every input explains itself in the console. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { surfaceOf, versionParts } from '../../products/tools/lib/contract.mjs';
import {
  allVersions,
  productNames,
  productsFolder,
  readProduct,
  readVersion,
} from '../../products/tools/lib/products.mjs';

const ajv = new Ajv({ allErrors: true });
const schema = JSON.parse(readFileSync(join(productsFolder, 'product.schema.json'), 'utf8'));
const isProduct = ajv.compile(schema);

for (const product of productNames()) {
  test(`${product}/product.yaml keeps its schema and lists every version folder, oldest first`, () => {
    const text = readFileSync(join(productsFolder, product, 'product.yaml'), 'utf8');
    // Read strictly as text: an unquoted number in exampleParameters is a mistake.
    assert.ok(isProduct(parse(text)), ajv.errorsText(isProduct.errors));
    const names = readProduct(product).versions.map(({ name }) => name);
    const folders = readdirSync(join(productsFolder, product)).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
    const inOrder = [...folders].sort((left, right) => compareVersions(left, right));
    assert.deepEqual(names, inOrder);
    for (const { name, template } of readProduct(product).versions)
      assert.equal(template, `${name}/template.yaml`);
  });
}

function compareVersions(left, right) {
  const [a, b] = [versionParts(left), versionParts(right)];
  return a.map((part, index) => part - b[index]).find((difference) => difference !== 0) ?? 0;
}

for (const { product, version } of allVersions()) {
  const template = readVersion(product, version);
  const parameters = Object.entries(template.Parameters ?? {});

  test(`the example parameters of ${product} ${version} are accepted by its template`, () => {
    const { exampleParameters } = readProduct(product).versions.find(({ name }) => name === version);
    const { parameters: surface } = surfaceOf(template);
    for (const [name, value] of Object.entries(exampleParameters)) {
      assert.ok(template.Parameters?.[name], `${name} is no parameter`);
      assert.equal(refusal(template.Parameters[name], value), undefined, `${name}: ${value}`);
    }
    const missing = Object.keys(surface).filter(
      (name) => surface[name].required && !(name in exampleParameters),
    );
    const secret = Object.keys(surface).filter((name) => template.Parameters[name].NoEcho);
    assert.deepEqual(
      missing.filter((name) => !secret.includes(name)),
      [],
    );
    assert.deepEqual(
      Object.keys(exampleParameters).filter((name) => secret.includes(name)),
      [],
    );
  });

  test(`every default of ${product} ${version} is a value that its own constraint accepts`, () => {
    for (const [name, parameter] of parameters) {
      if (parameter.Default !== undefined)
        assert.equal(refusal(parameter, String(parameter.Default)), undefined, name);
    }
  });

  test(`every input of ${product} ${version} has a description, a constraint and a message`, () => {
    for (const [name, parameter] of parameters) {
      assert.ok(parameter.Description?.length > 20, `${name} has no description`);
      assert.ok(parameter.ConstraintDescription, `${name} has no ConstraintDescription`);
      const constraints = [
        'AllowedPattern',
        'AllowedValues',
        'MinValue',
        'MaxValue',
        'MinLength',
        'MaxLength',
      ];
      assert.ok(
        constraints.some((constraint) => constraint in parameter),
        `${name} has no constraint`,
      );
    }
  });

  test(`the console form of ${product} ${version} shows every input once, labelled and grouped`, () => {
    const form = template.Metadata?.['AWS::CloudFormation::Interface'] ?? {};
    const grouped = (form.ParameterGroups ?? []).flatMap(({ Parameters }) => Parameters);
    const names = parameters.map(([name]) => name).sort();
    assert.deepEqual([...grouped].sort(), names);
    assert.deepEqual(Object.keys(form.ParameterLabels ?? {}).sort(), names);
    for (const { Label } of form.ParameterGroups ?? []) assert.ok(Label.default);
  });

  test(`every output of ${product} ${version} says what it is`, () => {
    for (const [name, output] of Object.entries(template.Outputs ?? {}))
      assert.ok(output.Description?.length > 10, name);
  });
}

/** Why CloudFormation would refuse a value, or undefined. It matches AllowedPattern against the whole value. */
function refusal(parameter, value) {
  const values = parameter.Type === 'CommaDelimitedList' ? value.split(',') : [value];
  for (const item of values) {
    if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(item))
      return 'not an allowed value';
    if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(item))
      return 'does not match the pattern';
    if (item.length < (parameter.MinLength ?? 0) || item.length > (parameter.MaxLength ?? Infinity))
      return 'too short or too long';
    if (
      parameter.Type === 'Number' &&
      !(Number(item) >= (parameter.MinValue ?? -Infinity) && Number(item) <= (parameter.MaxValue ?? Infinity))
    )
      return 'out of range';
  }
  return undefined;
}
