// Signs a URL as an application does, with what the secret holds, and checks it as CloudFront does, against the keys
// that a key group holds.
import { GetKeyGroupCommand, GetPublicKeyCommand } from '@aws-sdk/client-cloudfront';
import { Signer, Verifier } from 'edgeseal';

/** @param {{ keyPairId: string, privateKey: string }} secret the parsed value of the secret */
export function signUrl(url, { keyPairId, privateKey }, expires) {
  return Signer.fromPem({ keyPairId, privateKey }).signUrl({ url, expires });
}

/** The PEM of every public key in a group, by its id, newest first. */
export async function trustedKeys(cloudfront, keyGroupId) {
  const { KeyGroup } = await cloudfront.send(new GetKeyGroupCommand({ Id: keyGroupId }));
  const keys = {};
  for (const Id of KeyGroup.KeyGroupConfig.Items) {
    const { PublicKey } = await cloudfront.send(new GetPublicKeyCommand({ Id }));
    keys[Id] = PublicKey.PublicKeyConfig.EncodedKey;
  }
  return keys;
}

/** `good`, or the reason for which CloudFront would refuse the URL. */
export function verdictOn(url, keys) {
  const verdict = new Verifier({ keys }).verify({ url });
  return verdict.allowed ? 'good' : verdict.reason;
}
