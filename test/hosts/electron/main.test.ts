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
    expect(window?.loaded).toEqual(['swath://app/']);
    expect(window?.openHandler?.()).toEqual({ action: 'deny' });
    const leave = { preventDefault: vi.fn() };
    window?.webContents.emit('will-navigate', leave, 'https://evil.example/');
    expect(leave.preventDefault).toHaveBeenCalledOnce();
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
    expect(chosen.sort()).toEqual(['add-scene', 'new-project', 'open-project', 'redo', 'shortcuts', 'undo']);
  });
});
