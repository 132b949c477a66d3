/** `swath://app/…`: the page's only origin. Byte routes go to the app, everything else is a file of the renderer. */
import { readFile } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { contentSecurityPolicy } from '../contentSecurityPolicy.ts';

export const scheme = 'swath';
export const origin = `${scheme}://app`;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** The file of the renderer that an address names, or undefined when it lies outside or is of no known type. */
export function rendererFile(folder: string, pathname: string): { path: string; type: string } | undefined {
  const path = resolve(join(folder, decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
  const inside = relative(folder, path);
  const type = types[extname(path)];
  return inside === '' || inside.startsWith('..') || !type ? undefined : { path, type };
}

/** The handler for `protocol.handle`. Other hosts under the scheme are refused. */
export function createSchemeHandler(
  rendererFolder: string,
  handleBytes: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== 'app') return new Response('Nothing here', { status: 404 });
    if (url.pathname.startsWith('/bytes/')) return handleBytes(request);
    const file = rendererFile(rendererFolder, url.pathname);
    const body = file && (await readFile(file.path).catch(() => undefined));
    if (!file || !body) return new Response('Nothing here', { status: 404 });
    return new Response(new Uint8Array(body), {
      headers: {
        'content-type': file.type,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
      },
    });
  };
}
