// Uploads the chosen file to a signed URL, with progress, and reads it back.
//
// As in an application, the page asks its own server for the signed URLs: GET /sign?name=... answers both.

const find = (selector) => document.querySelector(selector);
const input = find('#file');
const button = find('button');

input.addEventListener('change', () => {
  button.disabled = input.files.length === 0;
  say(input.files.length === 0 ? 'Choose a file.' : 'Ready.');
});

find('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  find('dl').hidden = true;
  try {
    await run(input.files[0]);
  } catch (error) {
    say(error.message, 'refused');
  } finally {
    button.disabled = false;
  }
});

async function run(file) {
  const { upload, download } = await (await fetch(`/sign?name=${encodeURIComponent(file.name)}`)).json();
  say('Uploading.');
  const etag = await put(upload, file);
  say('Reading it back.');
  const answer = await fetch(download);
  if (!answer.ok) throw new Error(`The download was refused with ${answer.status}.`);
  const same = equal(await answer.arrayBuffer(), await file.arrayBuffer());
  find('#stored').textContent = `${file.size} bytes as ${answer.headers.get('content-type')}`;
  find('#etag').textContent = etag;
  find('#came-back').textContent = same ? 'the same bytes' : 'other bytes';
  find('dl').hidden = false;
  say('Done.', 'done');
}

/** Fetch tells nothing of the progress of an upload; XMLHttpRequest does. */
function put(url, file) {
  return new Promise((stored, refused) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      find('#progress').value = total === 0 ? 1 : loaded / total;
      find('#progress').dataset.steps = Number(find('#progress').dataset.steps ?? 0) + 1;
    });
    request.addEventListener('load', () => {
      if (request.status === 200) stored(request.getResponseHeader('etag'));
      else refused(new Error(`The upload was refused with ${request.status}: ${request.responseText}.`));
    });
    request.addEventListener('error', () => refused(new Error('The upload could not be sent.')));
    request.send(file);
  });
}

function equal(one, other) {
  if (one.byteLength !== other.byteLength) return false;
  const left = new Uint8Array(one);
  const right = new Uint8Array(other);
  return left.every((byte, at) => byte === right[at]);
}

function say(text, kind = '') {
  find('#status').textContent = text;
  find('#status').dataset.kind = kind;
}
