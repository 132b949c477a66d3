/** Every byte route through the real server and the real app, as a hostile client would ask: a code, and nothing leaked. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteRoutes } from '../../../electron/contract/bytes.ts';
import { childSpawn } from '../../../electron/hosts/spawn.ts';
import { serveApp, type WebHost } from '../../../electron/hosts/web/serveApp.ts';
import { type App, createApp } from '../../../electron/services/app.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-bytes-'));
const secret = join(folder, 'secret.txt');
writeFileSync(secret, 'the secret');
writeFileSync(join(folder, 'index.html'), '');

let app: App;
let host: WebHost;
beforeAll(async () => {
  app = createApp({
    spawn: childSpawn(),
    log: () => {},
    paths: { appData: join(folder, 'data'), resources: join(import.meta.dirname, '../../../resources') },
    capabilities: { host: 'test', fileDialogs: false, nativeMenu: false, notifications: false },
    version: '0.0.0',
    pid: process.pid,
  });
  await app.call('project.create', { path: join(folder, 'Farm.swath') });
  host = await serveApp(app, { port: 0, host: '127.0.0.1', rendererFolder: folder });
});
afterAll(async () => {
  await host.close();
  await app.dispose();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, unknown>;
}
/** fetch sets Host and normalises paths by itself; this sends what is given. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}
const bearer = () => ({ authorization: `Bearer ${host.token}` });

/** One address of every route in the table that names something, so that a new route is tried as well. */
const hostile = '../../secret.txt';
const addresses: Record<Exclude<keyof typeof byteRoutes, 'baseMap'>, string> = {
  sceneTile: byteRoutes.sceneTile(hostile, 0, 0, 0, [1]),
  mapTile: byteRoutes.mapTile(hostile, 'class', 0, 0, 0),
  embeddingTile: byteRoutes.embeddingTile(hostile, 0, 0, 0),
  clusterTile: byteRoutes.clusterTile(hostile, 0, 0, 0),
  similarityTile: byteRoutes.similarityTile(hostile, 0, 0, 0, { col: 0, row: 0 }),
  liveTile: byteRoutes.liveTile(hostile, 'class', 0, 0, 0),
  mapFile: byteRoutes.mapFile(hostile),
  preview: byteRoutes.preview(hostile),
  report: byteRoutes.report(hostile),
};

function refusal({ status, text }: Answer): { status: number; code: string } {
  expect(text).not.toContain('the secret');
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|root:/);
  return { status, code: (JSON.parse(text) as { error: { code: string } }).error.code };
}

describe.each(Object.entries(addresses))('%s', (_name, address) => {
  it('refuses a wrong token, a wrong Host and a wrong Origin before anything is looked for', async () => {
    for (const [headers, status] of [
      [{}, 401],
      [{ authorization: 'Bearer nonsense' }, 401],
      [{ cookie: `swath_session-${host.port}=nonsense` }, 401],
      [{ ...bearer(), host: 'evil.example' }, 403],
      [{ ...bearer(), origin: 'https://evil.example' }, 403],
      [{ ...bearer(), origin: 'null' }, 403],
    ] as const)
      expect(refusal(await ask(address, headers))).toEqual({ status, code: 'unauthorized' });
  });

  it('finds nothing by a path, however it is written', async () => {
    const id = encodeURIComponent(hostile);
    for (const path of [
      '..%2f..%2fsecret.txt',
      '%2e%2e%2fsecret.txt',
      encodeURIComponent(secret),
      '..%5csecret.txt',
      '%00',
    ])
      expect(refusal(await ask(address.replace(id, path), bearer())).status).toBeGreaterThanOrEqual(400);
    expect([400, 404, 422]).toContain((await ask(address.replace(id, '..'), bearer())).status);
  });

  it('refuses what is malformed, oversized or writes', async () => {
    const long = address.replace(encodeURIComponent(hostile), 'x'.repeat(9000));
    expect([400, 404, 414, 422]).toContain((await ask(long, bearer())).status);
    expect(refusal(await ask(address.replace(encodeURIComponent(hostile), '%'), bearer())).status).toBe(400);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(refusal(await ask(address, bearer(), method))).toEqual({ status: 400, code: 'usage' });
  });
});

it('refuses numbers that are none, and headers that are too large', async () => {
  for (const place of ['0/0/x', '0/-1/0', '1e9/0/0', '0/0/99999999999999999999', 'NaN/0/0', '0/0'])
    expect([400, 404, 422]).toContain((await ask(`/bytes/scenes/s/${place}?bands=1`, bearer())).status);
  expect((await ask('/bytes/reports/r', { ...bearer(), 'x-flood': 'x'.repeat(20_000) })).status).toBe(431);
});

it('answers HEAD and unknown routes with a code and no page', async () => {
  expect(refusal(await ask('/bytes', bearer())).code).toBe('not-found');
  expect(refusal(await ask('/bytes/secrets/a', bearer()))).toEqual({ status: 404, code: 'not-found' });
  expect((await ask('/bytes/secrets/a', bearer(), 'HEAD')).status).toBe(404);
});
