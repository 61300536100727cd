/**
 * Reading and writing CloudFormation YAML.
 *
 * The short forms (`!Ref`, `!Sub`, ...) become the long ones (`{ Ref: … }`, `{ 'Fn::Sub': … }`), so that the rest of the
 * tools sees one shape. See
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, parse, stringify } from 'yaml';

const functions = [
  'And',
  'Base64',
  'Cidr',
  'Contains',
  'EachMemberEquals',
  'EachMemberIn',
  'Equals',
  'FindInMap',
  'GetAtt',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'RefAll',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
  'ValueOf',
  'ValueOfAll',
];

function longForm(name, value) {
  if (name === 'Ref' || name === 'Condition') return { [name]: value };
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${name}`]: value };
}

/** One tag for each collection kind; the library picks by the node it meets. */
function tagsFor(name) {
  const tag = `!${name}`;
  return [
    { tag, resolve: (text) => longForm(name, text) },
    { tag, collection: 'seq', resolve: (node, onError) => collection(name, node, isSeq, onError) },
    { tag, collection: 'map', resolve: (node, onError) => collection(name, node, isMap, onError) },
  ];
}

function collection(name, node, isKind, onError) {
  if (!isKind(node)) onError(`unexpected value for !${name}`);
  return longForm(name, plain(node));
}

/** The plain value of a node whose inner short forms are resolved already. */
function plain(node) {
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map(plain);
  if (isMap(node)) return Object.fromEntries(node.items.map((pair) => [plain(pair.key), plain(pair.value)]));
  return node;
}

const customTags = ['Ref', 'Condition', ...functions].flatMap(tagsFor);

/**
 * The template as plain objects with long-form functions.
 * @param {string} text
 * @returns {Record<string, any>}
 * @throws {import('yaml').YAMLParseError} with line and column
 */
export function parseTemplate(text) {
  return parse(text, { customTags, strict: true });
}

/** Reads and parses a template file. */
export function readTemplate(path) {
  return parseTemplate(readFileSync(path, 'utf8'));
}

/**
 * A template as YAML in long form. CloudFormation reads YAML 1.1, where a bare `off` is a boolean, so texts are quoted
 * wherever that version could take them for something else.
 */
export function formatTemplate(template) {
  return stringify(template, {
    version: '1.1',
    lineWidth: 0,
    aliasDuplicateObjects: false,
    blockQuote: 'literal',
  });
}
