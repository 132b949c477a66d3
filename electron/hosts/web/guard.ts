/** Who may speak to the web host: decided here, before anything is read. Pure but for the token's randomness. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ErrorRecord } from '../../base/errors.ts';
import { contentSecurityPolicy } from '../contentSecurityPolicy.ts';

export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

const cookieName = 'swath_session';

export interface Verdict {
  readonly status: 200 | 302 | 401 | 403;
  readonly headers: Readonly<Record<string, string>>;
  readonly location?: string;
  readonly error?: ErrorRecord;
}

const always = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Host must name this server (against DNS rebinding), Origin must be its own when stated, and the token must come as
 * bearer, cookie, or once in the address: that visit sets the cookie and is sent on without the token in its address.
 */
export function authorize(
  request: Pick<IncomingMessage, 'headers' | 'url' | 'method'>,
  server: { token: string; port: number; host: string },
): Verdict {
  const refuse = (status: 401 | 403, message: string, remedy: string): Verdict => ({
    status,
    headers: always,
    error: { code: 'unauthorized', message, remedy },
  });

  const names = new Set([`127.0.0.1:${server.port}`, `localhost:${server.port}`, `[::1]:${server.port}`]);
  if (server.host !== '127.0.0.1' && server.host !== '0.0.0.0') names.add(`${server.host}:${server.port}`);
  const host = request.headers.host ?? '';
  // An address opened to the network by the user is reached under names we cannot know; the token still guards it.
  if (server.host !== '0.0.0.0' && !names.has(host)) {
    return refuse(403, `Host '${host}' is not this server`, `Open it as localhost:${server.port}.`);
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return refuse(403, `Origin '${origin}' may not call this server`, 'Use the page that this server shows.');
  }

  const url = new URL(request.url ?? '/', 'http://loopback');
  const given = url.searchParams.get('token');
  if (given !== null && url.pathname === '/' && request.method === 'GET') {
    if (!equal(given, server.token))
      return refuse(401, 'The token in the address is wrong', 'Use the address that was printed.');
    url.searchParams.delete('token');
    const location = `/${url.search}`;
    return {
      status: 302,
      location,
      headers: {
        ...always,
        location,
        'set-cookie': `${cookieName}-${server.port}=${server.token}; HttpOnly; SameSite=Strict; Path=/`,
      },
    };
  }
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const cookie = readCookie(request.headers.cookie ?? '', `${cookieName}-${server.port}`);
  if (!equal(bearer ?? cookie ?? '', server.token)) {
    return refuse(
      401,
      'The session token is missing or wrong',
      'Open the address that was printed at the start.',
    );
  }
  return { status: 200, headers: always };
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

function equal(a: string, b: string): boolean {
  const x = Buffer.from(a);
  const y = Buffer.from(b);
  return x.length === y.length && timingSafeEqual(x, y);
}
