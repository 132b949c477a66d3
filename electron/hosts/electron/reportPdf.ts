/** A report as PDF: laid out by Chromium in a window that nobody sees, written where the user says. */
import type { IpcMain, PrintToPDFOptions } from 'electron';
import { toErrorRecord } from '../../base/errors.ts';
import { writeFileAtomic } from '../../disk/atomicWrite.ts';
import type { CallAnswer } from './bridge.ts';
import { isTrustedSender } from './ipc.ts';
import { origin } from './scheme.ts';

/** What of a hidden window is needed. */
export interface PrintWindow {
  loadURL(url: string): Promise<void>;
  readonly webContents: { printToPDF(options: PrintToPDFOptions): Promise<Uint8Array> };
  destroy(): void;
}

export interface PdfParts {
  /** Asks where; null when the user thought better of it. */
  choose(proposed: string): Promise<string | null>;
  open(): PrintWindow;
}

/** Answers with the path that was written, or null. Only reports are printed, whatever the page asks for. */
export function answerPdf(ipcMain: Pick<IpcMain, 'handle'>, { choose, open }: PdfParts): void {
  ipcMain.handle('swath:pdf', async (event, report: unknown, name: unknown): Promise<CallAnswer> => {
    if (!isTrustedSender(event))
      return { error: { code: 'unauthorized', message: 'This page may not print' } };
    if (typeof report !== 'string' || !/^\/bytes\/reports\/[\w%.-]+$/.test(report))
      return { error: { code: 'usage', message: 'Only a report can be printed' } };
    const path = await choose(typeof name === 'string' ? name : 'report.pdf');
    if (path === null) return { result: null };
    const hidden = open();
    try {
      await hidden.loadURL(`${origin}${report}`);
      const pdf = await hidden.webContents.printToPDF({ pageSize: 'A4', printBackground: true });
      writeFileAtomic(path, pdf);
      return { result: path };
    } catch (error) {
      return { error: { ...toErrorRecord(error), stack: undefined } };
    } finally {
      hidden.destroy();
    }
  });
}
