/** The form: reading and filling its fields, and showing what is wrong with them. */
import { byId, el } from './dom.js';
import { publicKeyToPem } from './engine.js';
import { emptyFields, type FieldName, type Fields, fieldNames, type Problem } from './fields.js';
import { forgetWarning, refuseSecretFile, refuseSecrets } from './guard.js';

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const control = (name: FieldName) => byId(name, HTMLElement) as Control;

/** What the form holds. Fields with a private key in them are emptied first. */
export function readForm(): Fields {
  const fields = { ...emptyFields };
  for (const name of fieldNames) {
    const field = control(name);
    if (!(field instanceof HTMLSelectElement)) refuseSecrets(field);
    fields[name] = field.value;
  }
  return fields;
}

/** Fills the form, and opens the parts in which something stands. */
export function fillForm(fields: Fields): void {
  forgetWarning();
  for (const name of fieldNames) control(name).value = fields[name];
  openWhere('circumstances', fields.time || fields.ip || fields.keyPairId || fields.hosts);
  openWhere('edge', fields.rules || fields.headers || fields.method || fields.size || fields.type);
}

function openWhere(id: string, text: string): void {
  byId(id, HTMLDetailsElement).open = text !== '';
}

/** Shows problems beside their fields, and takes those away that are mended. */
export function showProblems(problems: readonly Problem[]): void {
  for (const name of fieldNames) {
    const own = problems.filter(({ field }) => field === name);
    const place = byId(`${name}-problem`, HTMLElement);
    const words = own.map(({ message, hint }) =>
      hint === undefined ? sentence(message) : `${sentence(message)} ${sentence(hint)}`,
    );
    place.textContent = words.join(' ');
    const field = control(name);
    if (own.length > 0) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    const details = field.closest('details');
    if (own.length > 0 && details !== null) details.open = true;
  }
}

/** Errors of the package begin small and end without a full stop; hints too. */
function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** Far more than a key or a rule file has. */
const longestFile = 1_000_000;

/** Lets a file be chosen for a field. `changed` is called once it is there. */
export function takeFiles(name: 'key' | 'rules', changed: () => void): void {
  const input = byId(`${name}-file`, HTMLInputElement);
  input.addEventListener('change', async () => {
    const [file] = input.files ?? [];
    input.value = '';
    if (file === undefined) return;
    forgetWarning();
    if (file.size > longestFile) {
      showProblems([
        {
          field: name,
          message: `The file has ${file.size.toLocaleString('en-US')} bytes, and was not read.`,
        },
      ]);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (refuseSecretFile(bytes)) return;
    control(name).value = name === 'key' ? keyText(bytes) : new TextDecoder().decode(bytes);
    changed();
  });
}

/** A key file as text; DER is written as PEM. */
function keyText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  if (/^[\t\r\n -~]*$/.test(text)) return text;
  try {
    return publicKeyToPem(bytes);
  } catch {
    return text;
  }
}

/** Buttons that fill the form with examples. */
export function sampleButtons(labels: readonly string[], choose: (index: number) => void): HTMLElement[] {
  return labels.map((label, index) => {
    const button = el('button', { type: 'button', class: 'sample' }, label);
    button.addEventListener('click', () => choose(index));
    return button;
  });
}
