/** Taking the findings along: as text, and as a link that holds no secret. */
import { el } from './dom.js';
import type { Fields } from './fields.js';
import type { Inspection } from './inspect.js';
import { reportText } from './report.js';
import { type ShareChoices, shareFragment } from './share.js';

/** The last part of the findings. `say` speaks to screen readers. */
export function takeAlongCard(
  fields: Fields,
  inspection: Inspection,
  say: (text: string) => void,
): HTMLElement {
  return el(
    'section',
    { class: 'card take-along' },
    el('h3', {}, 'Take it along'),
    asText(inspection, say),
    asLink(fields, inspection, say),
  );
}

function asText(inspection: Inspection, say: (text: string) => void): HTMLElement {
  const text = el('textarea', {
    readonly: '',
    rows: '8',
    'aria-label': 'The findings as text',
    id: 'report',
  });
  text.value = reportText(inspection);
  return el(
    'div',
    {},
    el(
      'div',
      { class: 'buttons' },
      copyButton('Copy as text', text, say),
      el('span', { class: 'hint' }, 'All findings, without the signature.'),
    ),
    el('details', {}, el('summary', {}, 'See the text'), text),
  );
}

function asLink(fields: Fields, inspection: Inspection, say: (text: string) => void): HTMLElement {
  const link = el('textarea', {
    readonly: '',
    rows: '4',
    'aria-label': 'The link',
    id: 'link',
    class: 'link',
  });
  const boxes = {
    key: checkbox('share-key', 'the public key', fields.key),
    rules: checkbox('share-rules', 'the rule file', fields.rules),
    ip: checkbox('share-ip', 'the viewer’s IP address', fields.ip),
  };
  const write = () => {
    const choices: ShareChoices = {
      key: boxes.key.box.checked,
      rules: boxes.rules.box.checked,
      ip: boxes.ip.box.checked,
    };
    link.value = `${location.origin}${location.pathname}#${shareFragment(fields, inspection, choices)}`;
  };
  for (const { box } of Object.values(boxes)) box.addEventListener('change', write);
  write();
  const offered = Object.values(boxes).filter(({ label }) => !label.hidden);
  return el(
    'details',
    { id: 'share' },
    el('summary', {}, 'Make a link to these findings'),
    el(
      'p',
      {},
      'The link holds the URL with ',
      el('strong', {}, 'its signature replaced by REDACTED'),
      ', so nobody can use it to fetch anything. Cookies other than CloudFront’s are left out. The rest of the URL, its path and its other parameters, is there to be read: look it over before you send it. All of it stands behind the #, which browsers do not send to servers.',
    ),
    offered.length > 0 &&
      el('fieldset', {}, el('legend', {}, 'The link also holds'), ...offered.map(({ label }) => label)),
    link,
    el('div', { class: 'buttons' }, copyButton('Copy the link', link, say)),
  );
}

function checkbox(
  id: string,
  text: string,
  value: string,
): { box: HTMLInputElement; label: HTMLLabelElement } {
  const box = el('input', { type: 'checkbox', id });
  const label = el('label', { class: 'choice', for: id }, box, ` ${text}`);
  label.hidden = value.trim() === '';
  return { box, label };
}

function copyButton(
  title: string,
  text: HTMLTextAreaElement,
  say: (text: string) => void,
): HTMLButtonElement {
  const button = el('button', { type: 'button' }, title);
  button.addEventListener('click', async () => {
    const copied = await copy(text);
    button.textContent = copied ? 'Copied' : 'Select it and copy by hand';
    say(button.textContent);
    setTimeout(() => {
      button.textContent = title;
    }, 2_000);
  });
  return button;
}

/** Copies by the clipboard where the page may use it: on https and on this machine. */
async function copy(text: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    const details = text.closest('details');
    if (details !== null) details.open = true;
    text.select();
    return document.execCommand('copy');
  }
}
