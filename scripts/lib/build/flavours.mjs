/**
 * The flavours of the wasm module.
 *
 * All come from the crate edgeseal-wasm. `core` signs, verifies and explains, and leaves the arithmetic to the runtime;
 * `crypto` is that arithmetic, for runtimes that have none of their own, and opens encrypted keys; `edge` is what a
 * Lambda@Edge or Worker bundle carries; `rules` reads and checks rule files in YAML, which is a large job that none of
 * the others should carry.
 */

/**
 * @typedef {object} Flavour
 * @property {string} name also the folder under wasm/js/generated
 * @property {string[]} features cargo features of edgeseal-wasm, with the default features off
 * @property {string[]} optimise options of wasm-opt
 */

/** @type {readonly Flavour[]} */
export const flavours = [
  { name: 'core', features: ['core'], optimise: ['-Oz'] },
  { name: 'crypto', features: ['crypto'], optimise: ['-O3'] },
  { name: 'edge', features: ['edge'], optimise: ['-Oz'] },
  { name: 'rules', features: ['rules'], optimise: ['-Oz'] },
];

/** The stem of the files in each flavour's folder: edgeseal.js, edgeseal_bg.wasm, edgeseal.d.ts. */
export const outName = 'edgeseal';
