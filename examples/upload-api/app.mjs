// The API: three calls around an upload, and a list. The bytes never pass through here.
import { readFile } from 'node:fs/promises';
import { EdgesealError } from 'edgeseal/aws';
import { Hono } from 'hono';

/** Errors of the package that are the caller's, with their HTTP status; all others are ours. */
const statuses = {
  'file-not-found': 404,
  'invalid-argument': 400,
  'invalid-object-key': 400,
  'invalid-upload-constraint': 400,
  'record-exists': 409,
  'record-not-pending': 409,
};

const types = { 'index.html': 'text/html', 'page.css': 'text/css', 'page.js': 'text/javascript' };

/**
 * @param {object} parts
 * @param {import('edgeseal/aws').UploadService} parts.uploads
 * @param {Pick<import('edgeseal/aws').FileRecords, 'list'>} parts.records
 * @param {(request: Request) => string} parts.userOf who is asking; your own sign-in
 * @param {string} parts.filesOrigin where the browser may send files
 * @param {number} [parts.maxBytes] the largest file
 */
export function createApp({ uploads, records, userOf, filesOrigin, maxBytes = 25_000_000 }) {
  const app = new Hono();

  app.post('/api/uploads', async (context) => {
    const { filename, contentType, bytes } = await body(context);
    if (!(Number.isInteger(bytes) && bytes >= 0 && bytes <= maxBytes)) {
      return context.json({ error: `A file may have up to ${maxBytes} bytes.` }, 413);
    }
    const owner = userOf(context.req.raw);
    const ticket = await uploads.requestUpload({ owner, filename, contentType, maxBytes: bytes });
    return context.json({ key: ticket.key, url: ticket.url, headers: ticket.headers }, 201);
  });

  app.post('/api/uploads/complete', async (context) => {
    const { key } = await body(context);
    const record = await uploads.completeUpload({ key, owner: userOf(context.req.raw) });
    return context.json(shown(record));
  });

  app.get('/api/files', async (context) => {
    const next = context.req.query('next');
    const page = await records.list(userOf(context.req.raw), next === undefined ? {} : { next });
    const files = page.records.filter(({ state }) => state === 'complete').map(shown);
    return context.json({ files, next: page.next });
  });

  app.get('/api/files/url', async (context) => {
    const key = context.req.query('key') ?? '';
    return context.json({ url: await uploads.requestDownload({ key, as: userOf(context.req.raw) }) });
  });

  app.get('/:file{(index\\.html|page\\.css|page\\.js)?}', async (context) => {
    const file = context.req.param('file') || 'index.html';
    const content = await readFile(new URL(`public/${file}`, import.meta.url));
    // Scripts of this page only, and files only to and from the team's own domain.
    const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${filesOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    return context.body(content, 200, {
      'content-type': `${types[file]}; charset=utf-8`,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
    });
  });

  app.onError((error, context) => {
    const status = error instanceof EdgesealError ? statuses[error.code] : undefined;
    if (status !== undefined) return context.json({ error: error.message, code: error.code }, status);
    console.error(
      error instanceof EdgesealError ? `${error.code}: ${error.message}. ${error.hint ?? ''}` : error,
    );
    return context.json({ error: 'That did not work. Please try again.' }, 500);
  });
  return app;
}

/** The JSON of a request; an empty object when there is none. */
async function body(context) {
  const value = await context.req.json().catch(() => undefined);
  return typeof value === 'object' && value !== null ? value : {};
}

/** What a person may see of a record. */
function shown({ key, filename, bytes, contentType, completedAt }) {
  return { key, filename: filename ?? key, bytes, contentType, completedAt };
}
