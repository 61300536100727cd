/**
 * Merges the templates of several products into one template.
 *
 * Logical ids and conditions get the module's prefix. A parameter is either wired (to another module's output, to
 * another module's parameter, or to a value), or stays a parameter of the composed template under its own name.
 * Outputs keep their names. Nothing is copied by hand, so a fix in a module reaches the composed product when it is
 * composed again.
 *
 * @typedef {object} ModuleSpec
 * @property {string} product
 * @property {string} version
 * @property {string} prefix start of every logical id of the module
 * @property {string} title start of the labels of its parameter groups
 * @property {Record<string, { output?: string, parameter?: string, value?: any, of?: string }>} [wire]
 * @property {Record<string, object>} [override] fields of parameters that differ in the composed template
 *
 * @typedef {object} ComposeSpec
 * @property {string} description
 * @property {ModuleSpec[]} modules
 */
import { ComposeError } from './errors.mjs';
import { foldBranches, foldConditions } from './fold.mjs';
import { composeInterface } from './interface.mjs';
import { functionOf, substitute } from './substitute.mjs';

/**
 * @param {ComposeSpec} spec
 * @param {(product: string, version: string) => any} readModule gives the parsed template of a version
 */
export function compose(spec, readModule) {
  const modules = spec.modules.map((module) => ({
    ...module,
    wire: module.wire ?? {},
    template: readModule(module.product, module.version),
  }));
  const wiring = new Wiring(modules);
  const composed = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: spec.description,
    Metadata: { 'AWS::CloudFormation::Interface': composeInterface(modules) },
    Parameters: {},
    Rules: {},
    Conditions: {},
    Resources: {},
    Outputs: {},
  };
  for (const module of modules) addModule(composed, module, wiring);
  for (const section of ['Rules', 'Conditions'])
    if (Object.keys(composed[section]).length === 0) delete composed[section];
  return composed;
}

/** What the parameters and logical ids of each module become. */
class Wiring {
  #modules;
  #resolving = new Set();

  constructor(modules) {
    this.#modules = new Map(modules.map((module) => [module.product, module]));
    for (const module of modules) checkWires(module);
  }

  #module(product) {
    const module = this.#modules.get(product);
    if (!module)
      throw new ComposeError(
        'unknown-module',
        `compose.yaml wires to ${product}, which is not one of its modules.`,
      );
    return module;
  }

  scope(module) {
    const { template, prefix } = module;
    return {
      parameter: (name) =>
        Object.hasOwn(template.Parameters ?? {}, name) ? this.#parameter(module, name) : undefined,
      resource: (name) => (Object.hasOwn(template.Resources, name) ? prefix + name : undefined),
      condition: (name) => prefix + name,
    };
  }

  #parameter(module, name) {
    const wire = module.wire[name];
    if (!wire) return { Ref: name };
    if ('value' in wire) return wire.value;
    const place = `${wire.of}.${wire.output ?? wire.parameter}`;
    if (this.#resolving.has(place))
      throw new ComposeError('wire-cycle', `The wires of ${place} go in a circle.`);
    this.#resolving.add(place);
    const source = this.#module(wire.of);
    const expression =
      wire.output !== undefined
        ? this.#output(source, wire.output)
        : this.scope(source).parameter(wire.parameter);
    this.#resolving.delete(place);
    if (expression === undefined) throw new ComposeError('unknown-parameter', `${place} is not a parameter.`);
    return expression;
  }

  #output(module, name) {
    const output = module.template.Outputs?.[name];
    if (!output)
      throw new ComposeError('unknown-output', `${module.product} ${module.version} has no output ${name}.`);
    if (output.Condition)
      throw new ComposeError(
        'conditional-output',
        `${module.product}.${name} may be missing, so nothing can be wired to it.`,
      );
    return substitute(output.Value, this.scope(module));
  }

  /** Whether an expression reads a resource. */
  isFromResource = (node) => {
    if (Array.isArray(node)) return node.some(this.isFromResource);
    if (typeof node !== 'object' || node === null) return false;
    switch (functionOf(node)) {
      case 'Fn::GetAtt':
        return true;
      case 'Ref':
        return this.#isResource(node.Ref);
      case 'Fn::Sub':
        return this.#subReadsResource(node['Fn::Sub']);
      default:
        return Object.values(node).some(this.isFromResource);
    }
  };

  #subReadsResource(argument) {
    const [text, variables = {}] = [argument].flat();
    const names = [...text.matchAll(/\$\{([A-Za-z0-9]+)[.}]/g)].map(([, name]) => name);
    return (
      names.some((name) => !Object.hasOwn(variables, name) && this.#isResource(name)) ||
      this.isFromResource(Object.values(variables))
    );
  }

  #isResource(id) {
    return [...this.#modules.values()].some(
      ({ prefix, template }) =>
        id.startsWith(prefix) && Object.hasOwn(template.Resources, id.slice(prefix.length)),
    );
  }
}

function checkWires({ product, version, wire, override = {}, template }) {
  for (const name of [...Object.keys(wire), ...Object.keys(override)]) {
    if (!Object.hasOwn(template.Parameters ?? {}, name))
      throw new ComposeError('unknown-parameter', `${product} ${version} has no parameter ${name}.`);
  }
}

function addModule(composed, module, wiring) {
  const { product, prefix, template, wire, override = {} } = module;
  const scope = wiring.scope(module);
  const { open, known } = foldConditions(template.Conditions ?? {}, scope, wiring.isFromResource);
  const move = (node) => substitute(foldBranches(node, known), scope);

  for (const [name, parameter] of Object.entries(template.Parameters ?? {})) {
    if (!wire[name]) put(composed.Parameters, name, { ...parameter, ...override[name] }, product);
  }
  for (const [name, rule] of Object.entries(template.Rules ?? {}))
    put(composed.Rules, prefix + name, move(rule), product);
  for (const [name, condition] of open) put(composed.Conditions, prefix + name, condition, product);
  for (const [name, resource] of Object.entries(template.Resources)) {
    if (known.get(resource.Condition) === false) continue;
    put(composed.Resources, prefix + name, moveResource(resource, prefix, known, move), product);
  }
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    if (known.get(output.Condition) === false) continue;
    put(composed.Outputs, name, moveConditional(output, prefix, known, move), product);
  }
}

function moveResource({ DependsOn, ...resource }, prefix, known, move) {
  const moved = moveConditional(resource, prefix, known, move);
  if (DependsOn) moved.DependsOn = [DependsOn].flat().map((name) => prefix + name);
  return moved;
}

/** A resource or an output, whose `Condition` is a name and not a function. */
function moveConditional({ Condition, ...rest }, prefix, known, move) {
  const { Type, ...body } = rest;
  return {
    ...(Type && { Type }),
    ...(Condition && !known.has(Condition) && { Condition: prefix + Condition }),
    ...move(body),
  };
}

function put(section, name, value, product) {
  if (Object.hasOwn(section, name))
    throw new ComposeError('name-taken', `${name} of ${product} is already in the composed template.`);
  section[name] = value;
}
