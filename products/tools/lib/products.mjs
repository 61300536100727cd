/** Where products, versions and templates are, and what is in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readTemplate } from './cfn-yaml.mjs';

/** The folder `products/`. */
export const productsFolder = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The checkout. */
export const root = dirname(productsFolder);

/** Names of all products, in the order of the alphabet. */
export function productNames() {
  return readdirSync(productsFolder, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && readdirSync(join(productsFolder, entry.name)).includes('product.yaml'),
    )
    .map((entry) => entry.name)
    .sort();
}

/** The parsed product.yaml. */
export function readProduct(name) {
  return parse(readFileSync(join(productsFolder, name, 'product.yaml'), 'utf8'));
}

/** Path of the template of one version. */
export function templatePath(product, version) {
  return join(productsFolder, product, version, 'template.yaml');
}

/** The parsed template of one version, functions in long form. */
export function readVersion(product, version) {
  return readTemplate(templatePath(product, version));
}

/** Every published version: `{ product, version, path }`, oldest first within a product. */
export function allVersions() {
  return productNames().flatMap((product) =>
    readProduct(product).versions.map(({ name }) => ({
      product,
      version: name,
      path: templatePath(product, name),
    })),
  );
}
