/**
 * What a product promises to those who provision it, and whether its templates keep the promise.
 *
 * Within one major version nobody may have to change a working call: no input or output goes away, no input changes its
 * type or becomes required, no new input is required.
 */

/** Major, minor and patch of a version name. */
export function versionParts(name) {
  return name.split('.').map(Number);
}

const isOlderOrSame = (left, right) => {
  const [a, b] = [versionParts(left), versionParts(right)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 || a[at] < b[at];
};

/** What a template offers: parameters with type and whether they must be given, and outputs. */
export function surfaceOf(template) {
  const parameters = Object.entries(template.Parameters ?? {}).map(([name, parameter]) => [
    name,
    {
      type: parameter.Type,
      required: parameter.Default === undefined,
      allowedValues: parameter.AllowedValues?.map(String),
    },
  ]);
  return { parameters: Object.fromEntries(parameters), outputs: Object.keys(template.Outputs ?? {}) };
}

/**
 * What the contract says about one version, in the shape of {@link surfaceOf}.
 * @param {{ parameters?: Record<string, any>, outputs?: Record<string, any> }} promise of one major version
 * @param {string} version
 */
export function promisedSurface(promise, version) {
  const since = (entry) => isOlderOrSame(entry?.since ?? '0.0.0', version);
  const parameters = Object.entries(promise.parameters ?? {}).filter(([, entry]) => since(entry));
  const outputs = Object.entries(promise.outputs ?? {}).filter(([, entry]) => since(entry));
  return {
    parameters: Object.fromEntries(
      parameters.map(([name, { type, required }]) => [name, { type, required }]),
    ),
    outputs: outputs.map(([name]) => name),
  };
}

/**
 * How `actual` breaks what worked with `promised`, as sentences. Empty when nothing breaks.
 * @param {ReturnType<typeof surfaceOf>} promised
 * @param {ReturnType<typeof surfaceOf>} actual
 */
export function breakingChanges(promised, actual) {
  const problems = [];
  for (const [name, before] of Object.entries(promised.parameters)) {
    const after = actual.parameters[name];
    if (!after) problems.push(`input ${name} is gone`);
    else problems.push(...parameterChanges(name, before, after));
  }
  for (const [name, { required }] of Object.entries(actual.parameters)) {
    if (required && !promised.parameters[name]) problems.push(`input ${name} is new and required`);
  }
  for (const name of promised.outputs)
    if (!actual.outputs.includes(name)) problems.push(`output ${name} is gone`);
  return problems;
}

function parameterChanges(name, before, after) {
  const problems = [];
  if (after.type !== before.type)
    problems.push(`input ${name} changed its type from ${before.type} to ${after.type}`);
  if (after.required && !before.required) problems.push(`input ${name} became required`);
  const lost = (before.allowedValues ?? []).filter(
    (value) => after.allowedValues && !after.allowedValues.includes(value),
  );
  if (lost.length > 0) problems.push(`input ${name} no longer takes ${lost.join(', ')}`);
  return problems;
}

/** What a template offers beyond its contract: it has to be promised before it is published. */
export function unpromised(promised, actual) {
  return [
    ...Object.keys(actual.parameters)
      .filter((name) => !promised.parameters[name])
      .map((name) => `input ${name}`),
    ...actual.outputs.filter((name) => !promised.outputs.includes(name)).map((name) => `output ${name}`),
  ];
}
