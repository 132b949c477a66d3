import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/base/errors.ts';
import { closingOf } from '../../../electron/hosts/electron/closing.ts';
import { answerCalls, isTrustedSender } from '../../../electron/hosts/electron/ipc.ts';
import { type MenuCommand, menuTemplate } from '../../../electron/hosts/electron/menu.ts';
import { isOversized } from '../../../electron/hosts/electron/payload.ts';
import { projectArgument } from '../../../electron/hosts/electron/projectArgument.ts';
import { createSchemeHandler } from '../../../electron/hosts/electron/scheme.ts';
import { nativeTexts } from '../../../electron/hosts/electron/texts.ts';
import { findUpdate } from '../../../electron/hosts/electron/updates.ts';
import {
  keepWindowState,
  placeWindow,
  readWindowState,
} from '../../../electron/hosts/electron/windowState.ts';
import { rendererFile } from '../../../electron/hosts/rendererFile.ts';

type Answer = (event: unknown, method: unknown, params?: unknown) => Promise<unknown>;

function wire(call: (method: string, params: unknown) => Promise<unknown>): Answer {
  let handler: Answer | undefined;
  answerCalls(
    {
      handle: (_channel: string, listener: unknown) => {
        handler = listener as Answer;
      },
    } as never,
    call,
  );
  return (...args) => (handler as Answer)(...args);
}
const own = { senderFrame: { url: 'swath://app/index.html', parent: null } };

describe('ipc', () => {
  it('answers our own page, with the error as a record', async () => {
    const answer = wire(async (method) => {
      if (method === 'bad') throw new AppError('not-found', 'No such scene', { subject: 's1' });
      return 42;
    });
    expect(await answer(own, 'good', {})).toEqual({ result: 42 });
    expect(await answer(own, 'bad', {})).toMatchObject({ error: { code: 'not-found', subject: 's1' } });
    expect(await answer(own, 7, {})).toMatchObject({ error: { code: 'usage' } });
  });

  it.each([
    ['another site', { senderFrame: { url: 'https://evil.example/', parent: null } }],
    ['a look-alike scheme host', { senderFrame: { url: 'swath://app.evil/', parent: null } }],
    ['a frame inside our page', { senderFrame: { url: 'swath://app/', parent: {} } }],
    ['a frame that is gone', { senderFrame: null }],
  ])('refuses %s with a code', async (_name, event) => {
    const call = vi.fn();
    expect(await wire(call)(event, 'scenes.list')).toMatchObject({ error: { code: 'unauthorized' } });
    expect(call).not.toHaveBeenCalled();
    expect(isTrustedSender(event as never)).toBe(false);
  });
});

describe('the scheme', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-scheme-'));
  writeFileSync(join(folder, 'index.html'), '<title>Swath</title>');
  const handle = createSchemeHandler(folder, async (request) => new Response(new URL(request.url).pathname));

  it('serves the page with its policy, and bytes through the app', async () => {
    const page = await handle(new Request('swath://app/'));
    expect(await page.text()).toContain('Swath');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await (await handle(new Request('swath://app/bytes/maps/m/file'))).text()).toBe(
      '/bytes/maps/m/file',
    );
  });

  it('serves nothing from outside', async () => {
    expect((await handle(new Request('swath://other/index.html'))).status).toBe(404);
    expect((await handle(new Request('swath://app/missing.js'))).status).toBe(404);
    expect(rendererFile(folder, '/..%2f..%2fetc%2fpasswd')).toBeUndefined();
    expect(rendererFile(folder, '/../secret.json')?.path.startsWith(folder) ?? true).toBe(true);
  });
});

describe('menu and arguments', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('has every command once on %s', (platform) => {
    const sent: MenuCommand[] = [];
    const click = (items: ReturnType<typeof menuTemplate>): void => {
      for (const item of items) {
        if (Array.isArray(item.submenu)) click(item.submenu);
        else (item.click as (() => void) | undefined)?.();
      }
    };
    const checkUpdates = vi.fn();
    const send = (command: MenuCommand) => sent.push(command);
    click(menuTemplate({ platform, texts: nativeTexts.en, keys: {}, send, checkUpdates }));
    expect(new Set(sent).size).toBe(sent.length);
    expect(sent).toEqual(expect.arrayContaining(['new-project', 'settings', 'undo', 'go-map', 'tour']));
    expect(checkUpdates).toHaveBeenCalledOnce();
  });

  it('has no accelerator that takes a letter from somebody who types', () => {
    const keys = { layers: ['L'], fit: ['F'], panel: ['\\'] };
    const accelerators = menuTemplate({
      platform: 'linux',
      texts: nativeTexts.de,
      keys,
      send: () => {},
      checkUpdates: () => {},
    }).flatMap((top) => (Array.isArray(top.submenu) ? top.submenu.map((item) => item.accelerator) : []));
    expect(accelerators.filter((a) => a !== undefined && !/^(CmdOrCtrl|Alt)\+/.test(String(a)))).toEqual([]);
    expect(accelerators).toContain('CmdOrCtrl+Shift+Z');
  });

  it('finds a project among the arguments', () => {
    expect(projectArgument(['--flag', '/a/b.swath'])).toBe('/a/b.swath');
    expect(projectArgument([join('/a/b.swath', 'project.gpkg')])).toBe('/a/b.swath');
    expect(projectArgument([join('/a/b.swath', 'Open in Swath.swath')])).toBe('/a/b.swath');
    expect(projectArgument(['.', '--inspect'])).toBeUndefined();
  });
});

describe('the window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const kept = { x: 100, y: 50, width: 1500, height: 900, maximized: false };

  it('opens where it was, as long as its title bar is on a screen', () => {
    expect(placeWindow(kept, screens)).toEqual(kept);
    expect(placeWindow(undefined, screens)).toEqual({ width: 1440, height: 900, maximized: false });
    expect(placeWindow({ ...kept, x: 2500 }, screens)).not.toHaveProperty('x');
    expect(placeWindow({ ...kept, y: -200 }, screens)).not.toHaveProperty('y');
    expect(placeWindow({ ...kept, width: 4000, height: 90 }, screens)).toMatchObject({
      width: 1920,
      height: 700,
    });
  });

  it('forgets a place that cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'swath-window-'));
    const file = join(folder, 'window.json');
    expect(readWindowState(file)).toBeUndefined();
    writeFileSync(file, '{"x":1e400,"width":-3}');
    expect(readWindowState(file)).toBeUndefined();
    keepWindowState(file, kept, () => {});
    expect(readWindowState(file)).toEqual(kept);
  });

  it('asks only while something runs', () => {
    expect(closingOf('ask', 0)).toBe('quit');
    expect(closingOf('ask', 1)).toBe('ask');
    expect(closingOf('tray', 2)).toBe('tray');
    expect(closingOf('quit', 1)).toBe('quit');
  });
});

describe('payloads', () => {
  it('are refused when they are a flood, however it is wrapped', () => {
    expect(isOversized({ a: [1, 2, 'three'], b: null })).toBe(false);
    expect(isOversized({ a: 'x'.repeat(33 * 2 ** 20) })).toBe(true);
    expect(isOversized(new Float32Array(9 * 2 ** 20))).toBe(true);
    const endless: unknown[] = [];
    endless.push(endless);
    expect(isOversized(endless)).toBe(true);
  });
});

describe('newer versions from a folder', () => {
  const mine = { version: '0.9.2', platform: 'linux', arch: 'x64' };
  const folder = mkdtempSync(join(tmpdir(), 'swath-updates-'));
  const installer = join(folder, 'Swath-0.10.0.AppImage');
  const list = (change: object = {}) =>
    writeFileSync(
      join(folder, 'updates.json'),
      JSON.stringify({
        version: '0.10.0',
        files: [
          {
            name: 'Swath-0.10.0.AppImage',
            platform: 'linux',
            arch: 'x64',
            sha512: createHash('sha512').update('installer').digest('hex'),
            ...change,
          },
        ],
      }),
    );

  it('offers a newer, whole one, and nothing else', async () => {
    writeFileSync(installer, 'installer');
    list();
    expect(await findUpdate(folder, mine)).toEqual({ version: '0.10.0', installer });
    expect(await findUpdate(folder, { ...mine, version: '0.10.0' })).toMatchObject({ installer: null });
    expect(await findUpdate(folder, { ...mine, version: '1.0.0' })).toMatchObject({ installer: null });
  });

  it.each([
    ['another machine', { arch: 'arm64' }, 'not-found'],
    ['a name that leads elsewhere', { name: '../Swath.AppImage' }, 'not-found'],
    ['a changed installer', { sha512: 'a'.repeat(128) }, 'bad-input'],
    ['a damaged list', { sha512: 'short' }, 'bad-input'],
  ])('refuses %s', async (_name, change, code) => {
    list(change);
    await expect(findUpdate(folder, mine)).rejects.toMatchObject({ code });
  });

  it('says where it looked', async () => {
    await expect(findUpdate(tmpdir(), mine)).rejects.toThrow(/no updates\.json/);
  });
});
