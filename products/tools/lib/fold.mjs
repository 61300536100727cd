/**
 * Evaluates what a composed template knows already. A parameter that is wired to a resource is never empty, so a
 * condition such as "a table was given" becomes plain true; CloudFormation would refuse it, because a condition must
 * not look at a resource.
 */

import { ComposeError } from './errors.mjs';
import { functionOf, substitute } from './substitute.mjs';

/**
 * The conditions of one module that stay open, and the values of those that are known.
 * @param {Record<string, any>} conditions of the module's template
 * @param {import('./substitute.mjs').Scope} scope
 * @param {(node: any) => boolean} isFromResource whether an expression reads a resource
 * @returns {{ open: Map<string, any>, known: Map<string, boolean> }} by their names in the module
 */
export function foldConditions(conditions, scope, isFromResource) {
  const open = new Map();
  const known = new Map();
  const pending = new Set();
  const resolve = (name) => {
    if (known.has(name)) return known.get(name);
    if (open.has(name)) return { Condition: scope.condition(name) };
    if (!Object.hasOwn(conditions, name))
      throw new ComposeError('unknown-condition', `Condition ${name} is not in its template.`);
    if (pending.has(name)) throw new ComposeError('condition-cycle', `Condition ${name} depends on itself.`);
    pending.add(name);
    const value = evaluate(conditions[name], name);
    pending.delete(name);
    if (typeof value === 'boolean') known.set(name, value);
    else open.set(name, value);
    return typeof value === 'boolean' ? value : { Condition: scope.condition(name) };
  };
  const evaluate = (node, name) => {
    switch (functionOf(node)) {
      case 'Condition':
        return resolve(node.Condition);
      case 'Fn::Not':
        return negate(evaluate(node['Fn::Not'][0], name));
      case 'Fn::And':
        return combine(
          'Fn::And',
          node['Fn::And'].map((item) => evaluate(item, name)),
        );
      case 'Fn::Or':
        return combine(
          'Fn::Or',
          node['Fn::Or'].map((item) => evaluate(item, name)),
        );
      case 'Fn::Equals':
        return equals(
          node['Fn::Equals'].map((item) => substitute(item, scope)),
          isFromResource,
          name,
        );
      default:
        throw new ComposeError(
          'unsupported-condition',
          `Condition ${name} uses a function that cannot be composed.`,
        );
    }
  };
  for (const name of Object.keys(conditions)) resolve(name);
  return { open, known };
}

function negate(value) {
  return typeof value === 'boolean' ? !value : { 'Fn::Not': [value] };
}

/** And or Or with known operands left out. */
function combine(name, operands) {
  const deciding = name === 'Fn::Or';
  if (operands.includes(deciding)) return deciding;
  const open = operands.filter((operand) => typeof operand !== 'boolean');
  if (open.length === 0) return !deciding;
  return open.length === 1 ? open[0] : { [name]: open };
}

function equals([left, right], isFromResource, name) {
  if (typeof left === 'string' && typeof right === 'string') return left === right;
  if (left === '' && isNeverEmpty(right, isFromResource)) return false;
  if (right === '' && isNeverEmpty(left, isFromResource)) return false;
  if (![left, right].some(isFromResource)) return { 'Fn::Equals': [left, right] };
  throw new ComposeError(
    'condition-on-resource',
    `Condition ${name} compares a wired parameter with something other than ''.`,
  );
}

/** What reads a resource, and a text with a fixed part, cannot be empty. */
function isNeverEmpty(node, isFromResource) {
  if (isFromResource(node)) return true;
  const text = functionOf(node) === 'Fn::Sub' && [node['Fn::Sub']].flat()[0];
  return text ? text.replaceAll(/\$\{[^}]*\}/g, '') !== '' : false;
}

/**
 * A piece of a template with every Fn::If of a known condition replaced by the branch it takes.
 * @param {any} node @param {Map<string, boolean>} known
 */
export function foldBranches(node, known) {
  if (Array.isArray(node))
    return node.filter((item) => !takesNoValue(item, known)).map((item) => foldBranches(item, known));
  const branch = takenBranch(node, known);
  if (branch !== undefined) return foldBranches(branch, known);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([, value]) => !takesNoValue(value, known));
  return Object.fromEntries(kept.map(([key, value]) => [key, foldBranches(value, known)]));
}

/** The branch that an Fn::If of a known condition takes, or undefined for anything else. */
function takenBranch(node, known) {
  if (functionOf(node) !== 'Fn::If' || !known.has(node['Fn::If'][0])) return undefined;
  return node['Fn::If'][known.get(node['Fn::If'][0]) ? 1 : 2];
}

function takesNoValue(node, known) {
  const branch = takenBranch(node, known);
  return branch !== undefined && (isNoValue(branch) || takesNoValue(branch, known));
}

const isNoValue = (value) => functionOf(value) === 'Ref' && value.Ref === 'AWS::NoValue';
