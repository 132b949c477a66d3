import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { answerPdf, type PdfParts } from '../../../electron/hosts/electron/reportPdf.ts';

type Answer = (event: unknown, report: unknown, name?: unknown) => Promise<unknown>;

function wire(parts: Partial<PdfParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'swath-pdf-'));
  const said: string[] = [];
  let handler: Answer | undefined;
  const ipcMain = {
    handle: (_channel: string, listener: unknown) => {
      handler = listener as Answer;
    },
  };
  answerPdf(ipcMain as never, {
    choose: async (proposed) => join(folder, proposed),
    open: () => ({
      loadURL: async (url) => void said.push(url),
      webContents: { printToPDF: async () => new TextEncoder().encode('%PDF-1.7') },
      destroy: () => void said.push('destroyed'),
    }),
    ...parts,
  });
  return { folder, said, ask: (...args: Parameters<Answer>) => (handler as Answer)(...args) };
}
const own = { senderFrame: { url: 'swath://app/index.html', parent: null } };

it('prints the report that was asked for into the file that was chosen', async () => {
  const { folder, said, ask } = wire();
  expect(await ask(own, '/bytes/reports/assess-1', 'report.pdf')).toEqual({
    result: join(folder, 'report.pdf'),
  });
  expect(said).toEqual(['swath://app/bytes/reports/assess-1', 'destroyed']);
  expect(readFileSync(join(folder, 'report.pdf'), 'utf8')).toBe('%PDF-1.7');
});

it('prints nothing for a stranger, nothing but reports, and nothing when nobody chose a place', async () => {
  const { folder, said, ask } = wire();
  const stranger = { senderFrame: { url: 'https://evil.example/', parent: null } };
  expect(await ask(stranger, '/bytes/reports/a', 'x.pdf')).toMatchObject({ error: { code: 'unauthorized' } });
  for (const wrong of ['/bytes/maps/m/file', '/bytes/reports/../maps', 'https://evil.example/', 7, undefined])
    expect(await ask(own, wrong, 'x.pdf')).toMatchObject({ error: { code: 'usage' } });
  expect(await wire({ choose: async () => null }).ask(own, '/bytes/reports/a')).toEqual({ result: null });
  expect([said, readdirSync(folder)]).toEqual([[], []]);
});

it('says why it could not be printed, and leaves no hidden window', async () => {
  const said: string[] = [];
  const { ask } = wire({
    open: () => ({
      loadURL: async () => Promise.reject(new Error('no such report')),
      webContents: { printToPDF: async () => new Uint8Array() },
      destroy: () => void said.push('destroyed'),
    }),
  });
  expect(await ask(own, '/bytes/reports/a')).toMatchObject({ error: { message: 'no such report' } });
  expect(said).toEqual(['destroyed']);
});
