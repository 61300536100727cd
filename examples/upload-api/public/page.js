const $ = (id) => document.getElementById(id);
let next;

/** Calls the API; an error carries the sentence that the API gave. */
async function api(path, body) {
  const options = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(path, options);
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

/** Sends a file to the signed URL. Only XMLHttpRequest tells how far an upload is. */
function send(file, { url, headers }, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error(`The upload was refused (${request.status}).`));
    request.onerror = () => reject(new Error('The connection broke. Please try again.'));
    request.send(file);
  });
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

const units = ['bytes', 'kB', 'MB', 'GB'];

function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  const number = bytes / 1000 ** step;
  return `${number.toLocaleString(undefined, { maximumFractionDigits: step === 0 ? 0 : 1 })} ${units[step]}`;
}

async function upload(file) {
  const row = element('li', '', '');
  const facts = element('span', 'facts', 'Asking for a URL');
  const bar = element('progress', '', '');
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute('aria-label', file.name);
  row.append(element('span', 'name', file.name), facts, bar);
  $('uploads').prepend(row);
  try {
    const contentType = file.type || 'application/octet-stream';
    const ticket = await api('/api/uploads', { filename: file.name, contentType, bytes: file.size });
    await send(file, ticket, (part) => {
      bar.value = part;
      facts.textContent = `${Math.round(part * 100)} % of ${size(file.size)}`;
    });
    await api('/api/uploads/complete', { key: ticket.key });
    row.remove();
    await list();
  } catch (error) {
    row.className = 'failed';
    facts.textContent = error.message;
    bar.remove();
  }
}

/** Saves a file under its own name, which a link to another domain could not. */
async function download(key, filename) {
  const { url } = await api(`/api/files/url?key=${encodeURIComponent(key)}`);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`The download was refused (${answer.status}).`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = filename;
  link.click();
  // Some browsers begin to save only later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function fileRow({ key, filename, bytes, completedAt }) {
  const row = element('li', '', '');
  const when = new Date(completedAt * 1000).toLocaleString(undefined, {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const button = element('button', '', 'Download');
  button.type = 'button';
  button.setAttribute('aria-label', `Download ${filename}`);
  const facts = element('span', 'facts', `${size(bytes)}, ${when}`);
  button.onclick = () =>
    download(key, filename).catch(({ message }) => {
      row.className = 'failed';
      facts.textContent = message;
    });
  row.append(element('span', 'name', filename), facts, button);
  return row;
}

async function list(from) {
  const page = await api(from === undefined ? '/api/files' : `/api/files?next=${encodeURIComponent(from)}`);
  const rows = page.files.map(fileRow);
  if (from === undefined) $('files').replaceChildren(...rows);
  else $('files').append(...rows);
  next = page.next;
  $('empty').hidden = $('files').childElementCount > 0;
  $('more').hidden = next === undefined;
}

const uploadAll = (files) => [...files].forEach(upload);

$('file').onchange = ({ target }) => {
  uploadAll(target.files);
  target.value = '';
};
$('more').onclick = () => list(next);
for (const name of ['dragover', 'dragleave', 'drop']) {
  $('drop').addEventListener(name, (event) => {
    event.preventDefault();
    $('drop').classList.toggle('over', name === 'dragover');
    if (name === 'drop') uploadAll(event.dataTransfer.files);
  });
}
list().catch(({ message }) => {
  $('empty').textContent = message;
});
