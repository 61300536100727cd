/** Markdown for templates: tables of inputs and outputs, and the picture of how products connect. */

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ').trim();
const code = (text) => `\`${text}\``;

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(cell)))].join('\n');
}

/** Inputs in the order of the console form. */
export function inputsTable(template) {
  const groups = template.Metadata['AWS::CloudFormation::Interface'].ParameterGroups;
  const rows = groups
    .flatMap(({ Parameters }) => Parameters)
    .map((name) => {
      const parameter = template.Parameters[name];
      return [code(name), defaultOf(parameter), parameter.Description];
    });
  return table(['Input', 'Default', 'What it is'], rows);
}

function defaultOf(parameter) {
  if (parameter.Default === undefined) return '**required**';
  return parameter.Default === '' ? 'empty' : code(parameter.Default);
}

/** Outputs in the order of the template. */
export function outputsTable(template) {
  return table(
    ['Output', 'What it is'],
    Object.entries(template.Outputs).map(([name, output]) => [code(name), output.Description]),
  );
}

/** Versions with their change notes, newest first. */
export function versionsTable(versions) {
  return table(
    ['Version', 'What changed'],
    [...versions].reverse().map(({ name, description }) => [name, description]),
  );
}

/**
 * A mermaid flow chart: one box per product with its resource types, one arrow per pair of products.
 * @param {Array<{ product: string, title: string, types: string[] }>} boxes
 * @param {Array<{ from: string, to: string, name: string, required: boolean }>} edges dotted where the input is optional
 */
export function flowChart(boxes, edges) {
  const id = (product) => product.replaceAll('-', '_');
  const lines = ['flowchart LR'];
  for (const { product, title, types } of boxes) {
    lines.push(`  ${id(product)}["<b>${title}</b><br/>${types.join('<br/>')}"]`);
  }
  for (const [pair, group] of groupBy(edges, pairOf)) {
    const [from, to] = pair.split(' ');
    const arrow = group.some(({ required }) => required) ? '-->' : '-.->';
    lines.push(`  ${id(from)} ${arrow}|${group.map(({ name }) => name).join('<br/>')}| ${id(to)}`);
  }
  return ['```mermaid', ...lines, '```'].join('\n');
}

const pairOf = ({ from, to }) => `${from} ${to}`;

function groupBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
