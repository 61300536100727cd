/** Questions about AWS Service Catalog that AWS does not document, asked of a product that the story has published. */
import { randomUUID } from 'node:crypto';
import {
  AssociateProductWithPortfolioCommand,
  CreateProvisioningArtifactCommand,
  DeleteProvisioningArtifactCommand,
  DescribeProductAsAdminCommand,
  DescribeProvisioningArtifactCommand,
  ListPortfoliosForProductCommand,
  SearchProductsAsAdminCommand,
} from '@aws-sdk/client-service-catalog';

const outcome = (client, command) =>
  client.send(command).then(
    (value) => ({ answer: 'accepted', value }),
    ({ name }) => ({ answer: `refused with ${name}` }),
  );

/**
 * @param {import('@aws-sdk/client-service-catalog').ServiceCatalogClient} client of the publisher
 * @param {string} name of a published product that is launched
 * @returns {Promise<{ question: string, answer: string }[]>}
 */
export async function askServiceCatalog(client, name) {
  const { ProductViewDetails } = await client.send(
    new SearchProductsAsAdminCommand({ Filters: { FullTextSearch: [name] } }),
  );
  const found = ProductViewDetails.find(({ ProductViewSummary }) => ProductViewSummary.Name === name);
  const { ProductId } = found.ProductViewSummary;
  const { ProvisioningArtifactSummaries } = await client.send(
    new DescribeProductAsAdminCommand({ Id: ProductId }),
  );
  const version = ProvisioningArtifactSummaries.at(-1);
  const { Info } = await client.send(
    new DescribeProvisioningArtifactCommand({ ProductId, ProvisioningArtifactId: version.Id, Verbose: true }),
  );
  const { PortfolioDetails } = await client.send(new ListPortfoliosForProductCommand({ ProductId }));
  const PortfolioId = PortfolioDetails[0].Id;
  return [
    { question: 'what is read back as the template of a version', answer: Object.keys(Info).join(', ') },
    {
      question: 'putting a product into a portfolio it is in',
      answer: (await outcome(client, new AssociateProductWithPortfolioCommand({ ProductId, PortfolioId })))
        .answer,
    },
    {
      question: 'a second version of the same name',
      answer: await sameName(client, ProductId, version, Info),
    },
    {
      question: 'deleting a version that is in use',
      answer: (
        await outcome(
          client,
          new DeleteProvisioningArtifactCommand({ ProductId, ProvisioningArtifactId: version.Id }),
        )
      ).answer,
    },
  ];
}

async function sameName(client, ProductId, { Name }, Info) {
  const LoadTemplateFromURL = Info.TemplateUrl ?? Info.LoadTemplateFromURL;
  const command = new CreateProvisioningArtifactCommand({
    ProductId,
    Parameters: { Name, Type: 'CLOUD_FORMATION_TEMPLATE', Info: { LoadTemplateFromURL } },
    IdempotencyToken: randomUUID(),
  });
  const { answer, value } = await outcome(client, command);
  if (value !== undefined) {
    const ProvisioningArtifactId = value.ProvisioningArtifactDetail.Id;
    await client.send(new DeleteProvisioningArtifactCommand({ ProductId, ProvisioningArtifactId }));
  }
  return answer;
}
