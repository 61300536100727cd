/** What a team does with AWS Service Catalog: launch, update and terminate products. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeRecordCommand,
  GetProvisionedProductOutputsCommand,
  ProvisionProductCommand,
  TerminateProvisionedProductCommand,
  UpdateProvisionedProductCommand,
} from '@aws-sdk/client-service-catalog';
import { readProduct } from '../../../products/tools/lib/products.mjs';
import { Problem } from '../problem.mjs';

const list = (parameters) =>
  Object.entries(parameters).map(([Key, Value]) => ({ Key, Value: String(Value) }));

/** A team at the catalog. */
export class Team {
  #catalog;
  #pause;

  /**
   * @param {import('@aws-sdk/client-service-catalog').ServiceCatalogClient} catalog
   * @param {{ pause?: number }} [options] milliseconds between two looks at a record
   */
  constructor(catalog, { pause = 50 } = {}) {
    this.#catalog = catalog;
    this.#pause = pause;
  }

  /** Launches the newest version of a product and waits for it. Answers its outputs. */
  async provision(product, name, parameters) {
    const { name: ProductName, versions } = readProduct(product);
    await this.#settled(
      new ProvisionProductCommand({
        ProductName,
        ProvisioningArtifactName: versions.at(-1).name,
        ProvisionedProductName: name,
        ProvisioningParameters: list(parameters),
        ProvisionToken: randomUUID(),
      }),
      `launching ${product}`,
    );
    return this.outputs(name);
  }

  /** Changes parameters; all others stay as they were. */
  async update(product, name, parameters, keep) {
    const { name: ProductName, versions } = readProduct(product);
    const previous = keep.map((Key) => ({ Key, UsePreviousValue: true }));
    await this.#settled(
      new UpdateProvisionedProductCommand({
        ProvisionedProductName: name,
        ProductName,
        ProvisioningArtifactName: versions.at(-1).name,
        ProvisioningParameters: [...list(parameters), ...previous],
        UpdateToken: randomUUID(),
      }),
      `updating ${name}`,
    );
    return this.outputs(name);
  }

  /** Ends a product. One that was never made is not there to end. */
  async terminate(name) {
    const command = new TerminateProvisionedProductCommand({
      ProvisionedProductName: name,
      TerminateToken: randomUUID(),
    });
    await this.#settled(command, `terminating ${name}`).catch((error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
  }

  async outputs(ProvisionedProductName) {
    const answer = await this.#catalog.send(
      new GetProvisionedProductOutputsCommand({ ProvisionedProductName, PageSize: 20 }),
    );
    return Object.fromEntries(answer.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  }

  /** Waits until the record of a request is at rest. CloudFormation ends every stack some time. */
  async #settled(command, what) {
    const { RecordDetail } = await this.#catalog.send(command);
    for (;;) {
      const answer = await this.#catalog.send(new DescribeRecordCommand({ Id: RecordDetail.RecordId }));
      const { Status, RecordErrors } = answer.RecordDetail;
      if (Status === 'SUCCEEDED') return;
      if (Status === 'FAILED') {
        throw new Problem(`${what} failed: ${RecordErrors.map(({ Description }) => Description).join('; ')}`);
      }
      await sleep(this.#pause);
    }
  }
}
