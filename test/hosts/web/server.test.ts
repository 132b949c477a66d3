import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../electron/base/errors.ts';
import type { SequencedEvent } from '../../../electron/contract/events.ts';
import { serveApp, type WebHost } from '../../../electron/hosts/web/serveApp.ts';
import type { WebApp } from '../../../electron/hosts/web/webApp.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-web-'));
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(join(folder, 'secret.txt'), 'not a type that is served');

let tell: ((event: SequencedEvent) => void) | undefined;
const app: WebApp = {
  async call(method, params) {
    if (method === 'fail') {
      throw new AppError('not-found', 'No such run', { subject: 'r1', remedy: 'List the runs.' });
    }
    return { method, params };
  },
  subscribe(listener) {
    tell = listener;
    return () => {
      tell = undefined;
    };
  },
  handleBytes: async (request) => new Response(`bytes of ${new URL(request.url).pathname}`),
};

let host: WebHost;
beforeAll(async () => {
  host = await serveApp(app, { port: 0, host: '127.0.0.1', rendererFolder: folder });
});
afterAll(() => host.close());

/** fetch sets Host and normalises paths by itself; this sends what a hostile client would. */
function send(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string | Buffer,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
const bearer = () => ({ authorization: `Bearer ${host.token}` });

describe('who may speak to the web host', () => {
  it('turns the token in the address into a cookie and hides it', async () => {
    const first = await send(`/?token=${host.token}`);
    expect(first.status).toBe(302);
    expect(first.headers.location).toBe('/');
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await send('/', { cookie: cookie.split(';')[0] ?? '' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>page</title>');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each([
    ['no token', {}, 401],
    ['a wrong token', { authorization: 'Bearer nonsense' }, 401],
    ['a token cut short', { authorization: 'Bearer a' }, 401],
  ])('refuses %s', async (_name, headers, status) => {
    const answer = await send('/api/app.info', headers, 'POST', '{}');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error.code).toBe('unauthorized');
  });

  it('refuses a wrong token in the address, another Host and another Origin', async () => {
    expect((await send('/?token=wrong')).status).toBe(401);
    expect((await send('/api/x', { ...bearer(), host: 'evil.example' }, 'POST')).status).toBe(403);
    expect((await send('/api/x', { ...bearer(), origin: 'https://evil.example' }, 'POST')).status).toBe(403);
    expect((await send('/api/x', { ...bearer(), origin: 'null' }, 'POST')).status).toBe(403);
    const own = { ...bearer(), origin: `http://127.0.0.1:${host.port}` };
    expect((await send('/api/x', own, 'POST', '{}')).status).toBe(200);
  });
});

describe('answers', () => {
  it('passes calls and their errors, without stacks', async () => {
    const good = await send('/api/scenes.list', bearer(), 'POST', '{"a":1}');
    expect(JSON.parse(good.text)).toEqual({ result: { method: 'scenes.list', params: { a: 1 } } });
    const bad = await send('/api/fail', bearer(), 'POST', '{}');
    expect(bad.status).toBe(404);
    expect(JSON.parse(bad.text).error).toEqual({
      code: 'not-found',
      message: 'No such run',
      subject: 'r1',
      remedy: 'List the runs.',
    });
  });

  it('refuses what is no call: wrong verb, broken JSON, a flood', async () => {
    expect((await send('/api/x', bearer(), 'GET')).status).toBe(405);
    expect((await send('/api/x', bearer(), 'POST', '{not json')).status).toBe(400);
    const flood = await send('/api/x', bearer(), 'POST', Buffer.alloc(33 * 1024 * 1024, 32));
    expect(flood.status).toBe(400);
    expect(flood.text).toContain('larger than');
  });

  it.each([
    '/../package.json',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/secret.txt',
    '/nothing.js',
    '/%',
    '/%00.html',
  ])('serves nothing outside the built page: %s', async (path) => {
    const answer = await send(path, bearer());
    expect(answer.status).toBe(404);
    expect(answer.text).not.toContain('root:');
  });

  it('answers byte routes through the app', async () => {
    expect((await send('/bytes/scenes/s/0/0/0?bands=1', bearer())).text).toBe(
      'bytes of /bytes/scenes/s/0/0/0',
    );
    expect((await send('/bytes/scenes/s/0/0/0?bands=1')).status).toBe(401);
  });

  it('streams events and lets go when the listener leaves', async () => {
    const abort = new AbortController();
    const stream = await fetch(`http://127.0.0.1:${host.port}/api/events`, {
      headers: bearer(),
      signal: abort.signal,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    tell?.({ type: 'changed', tables: ['scenes'], seq: 7 });
    const { value } = (await reader?.read()) ?? {};
    expect(value).toContain('"seq":7');
    abort.abort();
    await expect.poll(() => tell).toBeUndefined();
  });

  it('names a taken port', async () => {
    await expect(
      serveApp(app, { port: host.port, host: '127.0.0.1', rendererFolder: folder }),
    ).rejects.toThrow(/is taken/);
  });
});
