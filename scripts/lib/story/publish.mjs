/** Publishing the products with the publisher's command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { productsFolder } from '../../../products/tools/lib/products.mjs';
import { run } from '../process.mjs';

/** The products of the story, in the order a team meets them. */
export const products = [
  's3-bucket',
  'cloudfront-key-pair',
  'cloudfront-distribution',
  'private-key-secret',
  'dynamodb-metadata-table',
  'iam-integration-role',
];

/** A manifest as a platform team would write it, for these products and one group of developers. */
function manifest({ key, principal }) {
  return {
    version: 1,
    portfolio: {
      key,
      name: 'Edgeseal',
      provider: 'Platform Engineering',
      description: 'Secure file upload and download through Amazon CloudFront signed URLs.',
    },
    artifacts: { bucket: `${key}-artifacts-{account}-{region}`, prefix: 'portfolio' },
    products: products.map((name) => ({ path: join(productsFolder, name) })),
    principals: [{ arn: principal }],
  };
}

/** A publisher with a manifest in a folder of its own. */
export class Publisher {
  #world;
  #folder;

  /** @param {import('./steps.mjs').World} world @param {string} [key] finds the portfolio again */
  constructor(world, key = 'edgeseal') {
    this.#world = world;
    this.#folder = mkdtempSync(join(tmpdir(), 'edgeseal-story-'));
    const text = stringify(manifest({ key, principal: world.developerArn }));
    writeFileSync(join(this.#folder, 'portfolio.yaml'), text);
  }

  /** Makes the artifacts bucket and the permissions boundary, once for an account. */
  async bootstrap() {
    await this.#portfolio('bootstrap', '--yes');
  }

  /** Makes the portfolio what the manifest says; answers the command's own report. */
  async publish() {
    return JSON.parse((await this.#portfolio('publish', '--yes', '--json')).stdout);
  }

  /** What a publish would do: nothing, after one. */
  async plan() {
    return JSON.parse((await this.#portfolio('plan', '--json')).stdout);
  }

  /** Deletes the portfolio and its products. */
  async destroy(key = 'edgeseal') {
    await this.#portfolio('destroy', '--confirm', key);
  }

  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #portfolio(...args) {
    const { program, env } = this.#world.portfolio;
    return run(program, args, { cwd: this.#folder, env: { ...env, NO_COLOR: '1' } });
  }
}
