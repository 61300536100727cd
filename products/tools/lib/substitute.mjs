/**
 * Moves a piece of a template into another template: parameters become expressions, logical ids get new names.
 *
 * @typedef {object} Scope
 * @property {(name: string) => any} parameter the expression for a parameter, or undefined when there is none
 * @property {(name: string) => string | undefined} resource the new logical id of a resource
 * @property {(name: string) => string} condition the new name of a condition
 */
import { ComposeError } from './errors.mjs';

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The only key of an intrinsic function or Ref, or undefined for plain data. */
export function functionOf(node) {
  if (!isObject(node)) return undefined;
  const keys = Object.keys(node);
  return keys.length === 1 && (keys[0] === 'Ref' || keys[0] === 'Condition' || keys[0].startsWith('Fn::'))
    ? keys[0]
    : undefined;
}

/** @param {any} node @param {Scope} scope */
export function substitute(node, scope) {
  if (Array.isArray(node)) return node.map((item) => substitute(item, scope));
  if (!isObject(node)) return node;
  switch (functionOf(node)) {
    case 'Ref':
      return reference(node.Ref, scope);
    case 'Condition':
      return typeof node.Condition === 'string'
        ? { Condition: scope.condition(node.Condition) }
        : mapValues(node, scope);
    case 'Fn::If': {
      const [condition, ...branches] = node['Fn::If'];
      return { 'Fn::If': [scope.condition(condition), ...substitute(branches, scope)] };
    }
    case 'Fn::GetAtt':
      return getAtt(node['Fn::GetAtt'], scope);
    case 'Fn::Sub':
      return sub(node['Fn::Sub'], scope);
    case 'Fn::FindInMap':
    case 'Fn::ImportValue':
    case 'Fn::Transform':
      throw new ComposeError('unsupported-function', `${functionOf(node)} cannot be composed.`);
    default:
      return mapValues(node, scope);
  }
}

function mapValues(node, scope) {
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, substitute(value, scope)]));
}

function reference(name, scope) {
  if (name.startsWith('AWS::')) return { Ref: name };
  const resource = scope.resource(name);
  if (resource !== undefined) return { Ref: resource };
  const expression = scope.parameter(name);
  if (expression !== undefined) return expression;
  throw new ComposeError(
    'unknown-reference',
    `Ref ${name} names neither a parameter nor a resource of its template.`,
  );
}

function getAtt([name, attribute], scope) {
  const resource = scope.resource(name);
  if (resource === undefined)
    throw new ComposeError(
      'unknown-reference',
      `GetAtt ${name}.${attribute} names no resource of its template.`,
    );
  return { 'Fn::GetAtt': [resource, substitute(attribute, scope)] };
}

/** `${Name}`, `${Name.Attribute}`, `${AWS::Name}`, but not the literal `${!Name}`. */
const variable = /\$\{([A-Za-z0-9:.]+)\}/g;

function sub(argument, scope) {
  const [text, given = {}] = Array.isArray(argument) ? argument : [argument];
  const variables = mapValues(given, scope);
  const newText = text.replace(variable, (whole, name) => {
    if (Object.hasOwn(given, name) || name.startsWith('AWS::')) return whole;
    const [id, ...attribute] = name.split('.');
    const expression = attribute.length > 0 ? getAtt([id, attribute.join('.')], scope) : reference(id, scope);
    return inText(expression) ?? asVariable(id, expression, variables);
  });
  return { 'Fn::Sub': Object.keys(variables).length > 0 ? [newText, variables] : newText };
}

/** An expression written inside the text of Fn::Sub, where that is possible. */
function inText(expression) {
  if (typeof expression === 'string') return expression.replaceAll('${', '${!');
  if (functionOf(expression) === 'Ref') return `\${${expression.Ref}}`;
  if (functionOf(expression) === 'Fn::GetAtt' && typeof expression['Fn::GetAtt'][1] === 'string') {
    return `\${${expression['Fn::GetAtt'].join('.')}}`;
  }
  return undefined;
}

function asVariable(name, expression, variables) {
  variables[name] = expression;
  return `\${${name}}`;
}
