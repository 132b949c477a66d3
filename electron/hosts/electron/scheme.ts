/** `swath://app/…`: the page's only origin. Byte routes go to the app, everything else is a file of the renderer. */
import { readFile } from 'node:fs/promises';
import { contentSecurityPolicy } from '../contentSecurityPolicy.ts';
import { rendererFile } from '../rendererFile.ts';

export const scheme = 'swath';
export const origin = `${scheme}://app`;

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
