import { extname, join, relative, resolve } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/**
 * The file of the built renderer that an address names, in both GUI hosts: its path, its path inside the folder, its
 * content type. undefined when it lies outside or is of no known type; whether it exists is the caller's to find out.
 */
export function rendererFile(
  folder: string,
  pathname: string,
): { path: string; inside: string; type: string } | undefined {
  let name: string;
  try {
    name = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  } catch {
    return undefined;
  }
  const path = resolve(join(folder, name));
  const inside = relative(folder, path);
  const type = types[extname(path)];
  return inside === '' || inside.startsWith('..') || !type ? undefined : { path, inside, type };
}
