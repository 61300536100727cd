/** A CycloneDX document of what is inside the npm package. */
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import { Problem } from '../problem.mjs';

const spec = Spec.Spec1dot6;

/**
 * @param {object} subject
 * @param {{ name: string, version: string, license: string, description: string }} subject.product the package
 * @param {import('./crates.mjs').Component[]} subject.parts what was compiled or packed into it
 * @param {{ name: string, sha256: string, bytes: number }[]} [subject.files] the archives
 * @param {Date} [subject.at] the time to state; none when left out, so that equal inputs give equal documents
 * @returns {Promise<string>} JSON that keeps to the schema of CycloneDX 1.6
 * @throws {Problem} when it does not
 */
export async function sbom({ product, parts, files = [], at }) {
  const bom = new Models.Bom({ version: 1 });
  const root = component({ ...product, type: 'npm', licence: product.license }, Enums.ComponentType.Library);
  root.description = product.description;
  bom.metadata.component = root;
  bom.metadata.timestamp = at;
  for (const { name, sha256 } of files) {
    const file = new Models.Component(Enums.ComponentType.File, name, { bomRef: name });
    file.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
    root.components.add(file);
  }
  for (const part of parts) {
    const made = component(part, Enums.ComponentType.Library);
    bom.components.add(made);
    root.dependencies.add(made.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(spec));
  const text = serializer.serialize(bom, { sortLists: true, space: 2 });
  const wrong = await new Validation.JsonStrictValidator(spec.version).validate(text);
  if (wrong !== null) throw new Problem(`the SBOM does not keep to its schema: ${JSON.stringify(wrong)}`);
  return `${text}\n`;
}

function component({ type, name, version, licence, source, sha256 }, kind) {
  const purl = new PackageURL(type, undefined, name, version);
  const made = new Models.Component(kind, name, { version, purl, bomRef: purl.toString() });
  made.licenses.add(new Models.LicenseExpression(licence));
  if (sha256) made.hashes.set(Enums.HashAlgorithm['SHA-256'], sha256);
  if (source) {
    made.externalReferences.add(new Models.ExternalReference(source, Enums.ExternalReferenceType.VCS));
  }
  return made;
}
