import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SwathBridge } from '../../../electron/hosts/electron/bridge.ts';
import * as stub from '../../support/electronStub.ts';

vi.mock('electron', () => import('../../support/electronStub.ts'));

const { wired, trustedEvent } = stub;

beforeAll(async () => {
  process.env.SWATH_STUB_USER_DATA = mkdtempSync(join(tmpdir(), 'swath-electron-'));
  await import('../../../electron/hosts/electron/main.ts');
  await vi.waitFor(() => expect(wired.windows).toHaveLength(1), { timeout: 60_000 });
}, 90_000);

afterAll(async () => {
  wired.press = 1;
  const quit = new Promise<void>((resolve) => {
    stub.app.quit = () => resolve();
  });
  stub.app.emit('before-quit', { preventDefault: () => {} });
  await quit;
  delete process.env.SWATH_STUB_USER_DATA;
});

const call = (method: string, params: unknown = {}, event: unknown = trustedEvent) =>
  wired.ipc.get('swath:call')?.(event, method, params);

type MenuItem = { submenu?: MenuItem[]; click?: () => void };
/** What the main process sends its window for every item of its own menu. */
function clickEverything(menu: unknown): [string, unknown][] {
  const window = wired.windows[0];
  const before = window?.sent.length ?? 0;
  for (const top of menu as MenuItem[]) for (const item of top.submenu ?? []) item.click?.();
  return (window?.sent.slice(before) ?? []) as [string, unknown][];
}

describe('the main process, wired to a stand-in for Electron', () => {
  it('opens one hardened window on our own page', () => {
    const [window] = wired.windows;
    expect(wired.sandboxed).toBe(true);
    expect(window?.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect(window?.options.webPreferences).toMatchObject({ spellcheck: false });
    expect(window?.loaded).toEqual(['swath://app/']);
    expect(window?.openHandler?.()).toEqual({ action: 'deny' });
    const leave = { preventDefault: vi.fn() };
    window?.webContents.emit('will-navigate', leave, 'https://evil.example/');
    window?.webContents.emit('will-redirect', leave, 'https://evil.example/');
    window?.webContents.emit('will-frame-navigate', { ...leave, url: 'https://evil.example/' });
    window?.webContents.emit('will-attach-webview', leave);
    expect(leave.preventDefault).toHaveBeenCalledTimes(4);
    const stay = { preventDefault: vi.fn() };
    window?.webContents.emit('will-navigate', stay, 'swath://app/');
    expect(stay.preventDefault).not.toHaveBeenCalled();
  });

  it('registers the scheme as secure and refuses permissions', () => {
    expect(wired.schemes).toMatchObject([{ scheme: 'swath', privileges: { standard: true, secure: true } }]);
    const verdicts: boolean[] = [];
    for (const permission of ['geolocation', 'media', 'notifications']) {
      wired.permission?.({}, permission, (ok) => verdicts.push(ok));
    }
    expect(verdicts).toEqual([false, false, false]);
    expect(wired.blocked).toEqual(expect.arrayContaining(['http://*/*', 'https://*/*', 'wss://*/*']));
  });

  it('answers calls of the page with the real app, on the sample project', async () => {
    expect(wired.errors).toEqual([]);
    expect(await call('project.current')).toMatchObject({
      result: { name: expect.stringContaining('Sample') },
    });
    const { result } = (await call('scenes.list')) as { result: { id: string; statistics: unknown }[] };
    expect(result).toHaveLength(1);
    expect(result[0]?.statistics).not.toBeNull();
    const tile = await wired.protocol.get('swath')?.(
      new Request(`swath://app/bytes/scenes/${result[0]?.id}/0/0/0?bands=1`),
    );
    expect(tile?.status).toBe(200);
    expect((await tile?.arrayBuffer())?.byteLength).toBe(256 * 256 * 2 * 4);
  });

  it('refuses an untrusted sender and an unknown method with a code', async () => {
    const stranger = { senderFrame: { url: 'https://evil.example/', parent: null } };
    expect(await call('scenes.list', {}, stranger)).toMatchObject({ error: { code: 'unauthorized' } });
    expect(await call('scenes.steal')).toMatchObject({ error: { code: 'usage' } });
    expect(await wired.ipc.get('swath:order')?.(stranger, 'check-updates')).toMatchObject({
      error: { code: 'unauthorized' },
    });
    expect(await wired.ipc.get('swath:order')?.(trustedEvent, 'constructor')).toMatchObject({
      error: { code: 'usage' },
    });
    expect(await wired.ipc.get('swath:choose')?.(stranger, 'rasters')).toEqual([]);
  });

  it('tells the window what changed', async () => {
    await call('classes.save', { classes: [{ code: 200, name: 'Flax', color: '#4466cc', key: null }] });
    const messages = wired.windows[0]?.sent.filter(([channel]) => channel === 'swath:event') ?? [];
    expect(messages.map(([, event]) => event)).toContainEqual(
      expect.objectContaining({ type: 'changed', tables: expect.arrayContaining(['classes']) }),
    );
  });

  it('gives the page its bridge through the preload, and nothing else', async () => {
    await import('../../../electron/hosts/electron/preload.ts');
    expect([...wired.exposed.keys()]).toEqual(['swath']);
    const bridge = wired.exposed.get('swath') as SwathBridge;
    expect(await bridge.invoke('app.info', {})).toMatchObject({
      result: { capabilities: { host: 'electron' } },
    });
    expect(await bridge.chooseFiles('rasters')).toEqual(['/data/a.tif']);
    expect(await bridge.chooseFiles('new-project')).toEqual([]);
    const heard: unknown[] = [];
    const stop = bridge.subscribe((event) => heard.push(event));
    stub.ipcRenderer.emit('swath:event', {}, { type: 'changed', tables: ['runs'], seq: 1 });
    stop();
    stub.ipcRenderer.emit('swath:event', {}, { type: 'changed', tables: ['runs'], seq: 2 });
    expect(heard).toHaveLength(1);
    const chosen: string[] = [];
    const stopMenu = bridge.onMenu((command) => chosen.push(command));
    for (const [channel, command] of clickEverything(wired.menu)) stub.ipcRenderer.emit(channel, {}, command);
    stopMenu();
    stub.ipcRenderer.emit('swath:menu', {}, 'undo');
    expect(chosen).toEqual(
      expect.arrayContaining(['add-scene', 'undo', 'go-assess', 'settings', 'diagnostics']),
    );
  });

  it('speaks the language of the settings, and keeps them', async () => {
    const labels = () => (wired.menu as { label?: string }[]).map((item) => item.label);
    expect(labels()).toContain('&File');
    await call('settings.change', { language: 'de', keys: { settings: ['Mod+E'] } });
    expect(labels()).toContain('&Datei');
    const items = (wired.menu as { submenu?: { label?: string; accelerator?: string }[] }[]).flatMap(
      (top) => top.submenu ?? [],
    );
    expect(items.find((i) => i.label === '&Einstellungen …')?.accelerator).toBe('CmdOrCtrl+E');
    await call('settings.change', { language: 'en' });
  });

  it('loads a window that crashed again, says that nothing was lost, and gives up when it helps nobody', async () => {
    const [window] = wired.windows;
    wired.asked.length = 0;
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(window?.reloads).toBe(1);
    window?.webContents.emit('did-finish-load');
    expect(window?.sent.find(([channel]) => channel === 'swath:notice')?.[1]).toMatchObject({
      message: expect.stringContaining('Nothing was lost'),
    });
    window?.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 });
    window?.webContents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(wired.asked).toEqual([]);
    wired.press = 0;
    window?.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    await vi.waitFor(() => expect(window?.reloads).toBe(3));
    expect(wired.asked[0]?.message).toMatch(/several times/);
    wired.asked.length = 0;
  });

  it('asks before a job is cut short, goes on in the tray, and tells its end on the desktop', async () => {
    const [window] = wired.windows;
    wired.asked.length = 0;
    const close = () => {
      const event = { preventDefault: vi.fn() };
      window?.emit('close', event);
      return event.preventDefault.mock.calls.length > 0;
    };
    expect(close()).toBe(false);
    await call('runs.pretrain', {
      method: 'simsiam',
      epochs: 1,
      batch: 16,
      device: 'cpu',
      set: { tilesPerEpoch: 64 },
    });
    wired.press = 0;
    expect(close()).toBe(true);
    await vi.waitFor(() => expect(window?.visible).toBe(false));
    expect(wired.asked[0]?.buttons).toHaveLength(3);
    const [tray] = wired.trays;
    expect(tray?.tip).toContain('1 job');

    wired.focused = false;
    await vi.waitFor(() => expect(wired.notes).toHaveLength(1), { timeout: 50_000 });
    expect(wired.notes[0]?.title).toBe('Pretraining is done');
    expect(tray?.tip).toContain('nothing is running');
    stub.app.emit('second-instance', {}, []);
    expect(window?.visible).toBe(true);
    expect(tray?.destroyed).toBe(true);

    await call('settings.change', { onClose: 'tray' });
    expect(close()).toBe(false);
  }, 60_000);
});
