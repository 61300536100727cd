// The server of an application: it serves the page and signs URLs for it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css'],
  '/page.js': ['page.js', 'text/javascript'],
};

/**
 * Starts it on a free port of this machine.
 * @param {(name: string) => { upload: string, download: string }} sign
 * @returns {Promise<{ origin: string, stop: () => Promise<void>, signWith: (sign: Function) => void }>}
 */
export async function startApplication(sign) {
  let signer = sign;
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/sign') {
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify(signer(encodeURIComponent(url.searchParams.get('name')))));
    }
    const [file, type] = files[url.pathname] ?? [];
    if (file === undefined) return response.writeHead(404).end();
    response.setHeader('content-type', type);
    response.end(readFileSync(fileURLToPath(new URL(`../page/${file}`, import.meta.url))));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://localhost:${server.address().port}`,
    signWith: (other) => {
      signer = other;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}
