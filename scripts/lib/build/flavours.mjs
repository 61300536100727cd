/**
 * The flavours of the wasm module.
 *
 * All come from the crate edgeseal-wasm. `full` signs, verifies and explains with its own cryptography, tuned for speed;
 * `edge` is what a Lambda@Edge or Worker bundle carries, tuned for size; `rules` reads and checks rule files in YAML for
 * the command line, which is a large job that neither of the others should carry.
 */

/**
 * @typedef {object} Flavour
 * @property {string} name also the folder under wasm/js/generated
 * @property {string[]} features cargo features of edgeseal-wasm, with the default features off
 * @property {string[]} optimise options of wasm-opt
 */

/** @type {readonly Flavour[]} */
export const flavours = [
  { name: 'full', features: ['full'], optimise: ['-O3'] },
  { name: 'edge', features: ['edge'], optimise: ['-Oz'] },
  { name: 'rules', features: ['rules'], optimise: ['-Oz'] },
];

/** The stem of the files in each flavour's folder: edgeseal.js, edgeseal_bg.wasm, edgeseal.d.ts. */
export const outName = 'edgeseal';
