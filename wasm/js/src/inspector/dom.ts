/** Making elements. Text goes in as text and nothing else, so that no pasted markup is ever one. */

/** What an element may hold. */
export type Child = Node | string | undefined | false;

/** An HTML element with attributes and children. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** The element of the page with an id. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new TypeError(`the page has no ${id}`);
}

const namespace = 'http://www.w3.org/2000/svg';
const shapes = {
  pass: 'm4.5 8.4 2.4 2.4 4.6-5',
  fail: 'm5.2 5.2 5.6 5.6m0-5.6-5.6 5.6',
  unknown: 'M6 6.2c0-2.6 4-2.6 4 0 0 1.5-2 1.5-2 3m0 2.2v.1',
} as const;

/** The picture of an outcome; its word stands beside it. */
export function outcomeIcon(outcome: keyof typeof shapes): SVGSVGElement {
  const icon = document.createElementNS(namespace, 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.setAttribute('class', 'icon');
  icon.setAttribute('aria-hidden', 'true');
  const disc = document.createElementNS(namespace, 'circle');
  for (const [name, value] of [
    ['cx', '8'],
    ['cy', '8'],
    ['r', '8'],
  ] as const)
    disc.setAttribute(name, value);
  const shape = document.createElementNS(namespace, 'path');
  shape.setAttribute('d', shapes[outcome]);
  icon.append(disc, shape);
  return icon;
}
