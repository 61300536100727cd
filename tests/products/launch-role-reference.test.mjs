// The data of the launch roles against AWS: the actions, resource types and ARN formats of the Service Authorization
// Reference, and the properties of every resource type, both as they come with the pinned cfn-lint.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { root } from '../../products/tools/lib/products.mjs';
import { pythonEnvironment } from '../../scripts/lib/setup/python.mjs';

const program = `
import glob, json, pathlib, sys, tomllib
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
import cfnlint.data.AdditionalSpecs as specs

data = pathlib.Path("portfolio/launch-role/data")
services = tomllib.loads((data / "services.toml").read_text())
types = [entry for file in sorted(data.glob("types/*.toml")) for entry in tomllib.loads(file.read_text())["type"]]
policies = json.loads((pathlib.Path(specs.__path__[0]) / "Policies.json").read_text())
reference = {name: policies[name] for name in services if name in policies}
properties = {}
for entry in types:
    try:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", entry["name"]).schema
        properties[entry["name"]] = sorted(schema.get("properties", {}))
    except Exception:
        properties[entry["name"]] = None
json.dump({"services": services, "types": types, "reference": reference, "properties": properties}, sys.stdout)
`;

let services;
let types;
let reference;
let properties;

before(async () => {
  const python = join(await pythonEnvironment('lint'), 'python');
  const { status, stdout, stderr } = spawnSync(python, ['-c', program], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  ({ services, types, reference, properties } = JSON.parse(stdout));
});

/** Every `[service, action, kind]` of our data; the kind is undefined for an action on any resource. */
function actions() {
  return Object.entries(services).flatMap(
    ([service, { kinds = {}, unscoped = [], unscoped_because = {} }]) => [
      ...Object.entries(kinds).flatMap(([kind, entry]) =>
        entry.actions.map((action) => [service, action, kind]),
      ),
      ...[...unscoped, ...Object.keys(unscoped_because)].map((action) => [service, action, undefined]),
    ],
  );
}

const kindName = (service, kind) => (services[service].kinds[kind].reference ?? kind).toLowerCase();

/** An action of the reference by its name; the two of Lambda@Edge are documented with an asterisk after them. */
function referenced(service, action) {
  const found = reference[service].Actions[action.replace(/\*$/, '').toLowerCase()];
  return found && (found.Resources ?? []).map((kind) => kind.toLowerCase());
}

test('every service and every action is one that AWS knows', () => {
  assert.deepEqual(
    Object.keys(services).filter((service) => !(service in reference)),
    [],
  );
  const unknown = actions().filter(([service, action]) => !referenced(service, action));
  assert.deepEqual(unknown, []);
});

test('an action is limited only to a kind of resource that the reference lists for it', () => {
  const wrong = actions().filter(([service, action, kind]) => {
    return kind !== undefined && !referenced(service, action).includes(kindName(service, kind));
  });
  // The reference gives the destination for the removal of a delivery source; services.toml grants both.
  assert.deepEqual(wrong, [['logs', 'DeleteDeliverySource', 'delivery-source']]);
});

test('an action is granted on any resource only when the reference lists none, or for a written reason', () => {
  for (const [service, { unscoped = [], unscoped_because = {} }] of Object.entries(services)) {
    const limitable = unscoped.filter((action) => referenced(service, action).length > 0);
    assert.deepEqual(limitable, [], service);
    for (const [action, why] of Object.entries(unscoped_because)) assert.match(why, /.{30,}/, action);
  }
});

test('every ARN format is one of the reference', () => {
  for (const [service, { kinds = {} }] of Object.entries(services)) {
    const known = Object.fromEntries(
      Object.entries(reference[service].Resources).map(([kind, entry]) => [
        kind.toLowerCase(),
        entry.ARNFormats,
      ]),
    );
    for (const [kind, { arn }] of Object.entries(kinds)) {
      const formats = known[kindName(service, kind)];
      assert.ok(formats, `${service}:${kind}`);
      const example = arn
        .replace(/\$\{Partition\}/, 'aws')
        .replace(/\$\{Account\}/, '111122223333')
        .replace(/:\*(?=:)/g, ':us-east-1')
        .replace(/\$\{Name\}/, 'name');
      const matches = formats.some((format) => {
        const fixed = format
          .replace(/\$\{Partition\}/, 'aws')
          .replace(/\$\{Region\}/, '[a-z0-9-]+')
          .replace(/\$\{Account\}/, '[a-z0-9-]+');
        return new RegExp(`^${fixed}$`).test(example);
      });
      assert.ok(matches, `${service}:${kind} ${arn} is none of ${formats}`);
    }
  }
});

/** The first keys of every property that our data knows of a type. */
function describedProperties(entry) {
  const costly = (entry.property ?? []).map(({ path }) => path.split('.')[0]).filter((name) => name !== '');
  return [...(entry.plain ?? []), ...costly];
}

test('every property is one that the resource type has', () => {
  const withoutSchema = types.filter(({ name }) => !properties[name]).map(({ name }) => name);
  assert.deepEqual(withoutSchema, ['ServiceCatalog']);
  for (const entry of types.filter(({ name }) => properties[name])) {
    const unknown = describedProperties(entry).filter((name) => !properties[entry.name].includes(name));
    assert.deepEqual(unknown, [], entry.name);
  }
});
