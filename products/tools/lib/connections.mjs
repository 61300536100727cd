/** How products fit together: an output goes into every input of the same name. */

/**
 * @typedef {object} ProductSurface
 * @property {string} product
 * @property {string[]} inputs
 * @property {string[]} outputs
 */

/**
 * @param {ProductSurface[]} products
 * @returns {Array<{ from: string, to: string, name: string }>} one entry for each output that another product takes
 */
export function connections(products) {
  return products.flatMap((source) =>
    source.outputs.flatMap((name) =>
      products
        .filter((target) => target.product !== source.product && target.inputs.includes(name))
        .map((target) => ({ from: source.product, to: target.product, name })),
    ),
  );
}

/**
 * An order to provision in: every product after those whose outputs it must have.
 * @param {string[]} products
 * @param {Array<{ from: string, to: string, required: boolean }>} edges optional inputs do not decide the order
 */
export function provisioningOrder(products, edges) {
  const order = [];
  const waiting = new Set(products);
  while (waiting.size > 0) {
    const ready = [...waiting].filter(
      (name) => !edges.some(({ from, to, required }) => required && to === name && waiting.has(from)),
    );
    if (ready.length === 0) throw new Error(`these products wait for each other: ${[...waiting].join(', ')}`);
    order.push(ready);
    for (const name of ready) waiting.delete(name);
  }
  return order;
}
