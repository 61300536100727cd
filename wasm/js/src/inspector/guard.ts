/** Keeping private keys out: a field that gets one is emptied before anything else happens. */
import { byId, el } from './dom.js';
import { holdsPrivateKey, isPrivateKey } from './private-key.js';

type Control = HTMLInputElement | HTMLTextAreaElement;

/** Refuses a field's text when it holds a private key. Answers whether it did. */
export function refuseSecrets(control: Control): boolean {
  if (!holdsPrivateKey(control.value)) return false;
  control.value = '';
  warn('the field has been emptied');
  return true;
}

/** Refuses bytes of a file that are a private key. Answers whether it did. */
export function refuseSecretFile(bytes: Uint8Array): boolean {
  if (!isPrivateKey(bytes)) return false;
  bytes.fill(0);
  warn('the file was not taken in');
  return true;
}

/** Takes the warning away. */
export function forgetWarning(): void {
  byId('alert', HTMLElement).replaceChildren();
}

function warn(what: string): void {
  const warning = el(
    'div',
    { class: 'danger' },
    el(
      'p',
      {},
      el('strong', {}, 'That is a private key.'),
      ` It was not used, and ${what}. Nothing has left this browser.`,
    ),
    el(
      'p',
      {},
      'If it was pasted or sent anywhere else, treat it as exposed and rotate it: make a new key pair, add its public key to the key group, sign with it, and remove the old one as soon as its URLs may stop working.',
    ),
    el(
      'p',
      {},
      'Only the public key is needed here: ',
      el('code', {}, 'openssl pkey -in private.pem -pubout'),
    ),
  );
  const place = byId('alert', HTMLElement);
  place.replaceChildren(warning);
  place.scrollIntoView({ block: 'nearest' });
}
