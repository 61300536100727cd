// Signs a URL with a canned policy, and checks one against the keys that a key group holds, as CloudFront does.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-canned-policy.html
import { sign, verify } from 'node:crypto';
import { GetKeyGroupCommand, GetPublicKeyCommand } from '@aws-sdk/client-cloudfront';

const cloudFrontBase64 = { '+': '-', '=': '_', '/': '~' };
const plainBase64 = { '-': '+', _: '=', '~': '/' };

function policyOf(url, expires) {
  return `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
}

/** @param {{ keyPairId: string, privateKey: string }} secret the parsed value of the secret */
export function signUrl(url, secret, expires) {
  const signature = sign('sha1', Buffer.from(policyOf(url, expires)), secret.privateKey).toString('base64');
  const text = signature.replace(/[+=/]/g, (character) => cloudFrontBase64[character]);
  return `${url}?Expires=${expires}&Signature=${text}&Key-Pair-Id=${secret.keyPairId}`;
}

/** The PEM of every public key in a group, by its id. */
export async function trustedKeys(cloudfront, keyGroupId) {
  const { KeyGroup } = await cloudfront.send(new GetKeyGroupCommand({ Id: keyGroupId }));
  const keys = new Map();
  for (const Id of KeyGroup.KeyGroupConfig.Items) {
    const { PublicKey } = await cloudfront.send(new GetPublicKeyCommand({ Id }));
    keys.set(Id, PublicKey.PublicKeyConfig.EncodedKey);
  }
  return keys;
}

/** Whether the URL is signed by one of the keys and has not expired. */
export function urlIsGood(signed, keys, now = Date.now()) {
  const [url, query] = signed.split('?');
  const parameters = Object.fromEntries(query.split('&').map((part) => part.split('=')));
  const key = keys.get(parameters['Key-Pair-Id']);
  if (!key || Number(parameters.Expires) * 1000 <= now) return false;
  const signature = Buffer.from(
    parameters.Signature.replace(/[-_~]/g, (character) => plainBase64[character]),
    'base64',
  );
  return verify('sha1', Buffer.from(policyOf(url, parameters.Expires)), key, signature);
}
