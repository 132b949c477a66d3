import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/base/errors.ts';
import { answerCalls, isTrustedSender } from '../../../electron/hosts/electron/ipc.ts';
import { type MenuCommand, menuTemplate } from '../../../electron/hosts/electron/menu.ts';
import { projectArgument } from '../../../electron/hosts/electron/projectArgument.ts';
import { createSchemeHandler } from '../../../electron/hosts/electron/scheme.ts';
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
    click(menuTemplate(platform, (command) => sent.push(command)));
    expect(sent.sort()).toEqual(['add-scene', 'new-project', 'open-project', 'redo', 'shortcuts', 'undo']);
  });

  it('finds a project among the arguments', () => {
    expect(projectArgument(['--flag', '/a/b.swath'])).toBe('/a/b.swath');
    expect(projectArgument([join('/a/b.swath', 'project.gpkg')])).toBe('/a/b.swath');
    expect(projectArgument(['.', '--inspect'])).toBeUndefined();
  });
});
