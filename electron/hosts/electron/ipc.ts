/** Calls from the page, checked for their sender, answered by the app. Refusals are answers with a code, never silence. */
import type { IpcMain, IpcMainInvokeEvent } from 'electron';
import { type ErrorRecord, toErrorRecord } from '../../base/errors.ts';
import type { CallAnswer } from './bridge.ts';
import { isOversized } from './payload.ts';
import { origin } from './scheme.ts';

const untrusted: ErrorRecord = {
  code: 'unauthorized',
  message: 'This page may not call the app',
  remedy: 'Only the app’s own window can.',
};

/** Only the main frame of our own page is trusted. */
export function isTrustedSender(event: Pick<IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${origin}/`);
}

export function answerCalls(
  ipcMain: Pick<IpcMain, 'handle'>,
  call: (method: string, params: unknown) => Promise<unknown>,
): void {
  ipcMain.handle('swath:call', async (event, method: unknown, params: unknown): Promise<CallAnswer> => {
    if (!isTrustedSender(event)) return { error: untrusted };
    if (typeof method !== 'string')
      return { error: { code: 'usage', message: 'A call needs a method name' } };
    if (isOversized(params))
      return { error: { code: 'usage', message: 'The call is too large', remedy: 'Send less at once.' } };
    try {
      return { result: await call(method, params) };
    } catch (error) {
      return { error: { ...toErrorRecord(error), stack: undefined } };
    }
  });
}

/** Orders of the page that only this host can carry out; what is not in the table is refused. */
export function answerOrders(
  ipcMain: Pick<IpcMain, 'handle'>,
  orders: Readonly<Record<string, () => Promise<void>>>,
): void {
  ipcMain.handle('swath:order', async (event, name: unknown): Promise<CallAnswer> => {
    if (!isTrustedSender(event)) return { error: untrusted };
    const order = typeof name === 'string' && Object.hasOwn(orders, name) ? orders[name] : undefined;
    if (!order) return { error: { code: 'usage', message: 'There is no such order' } };
    await order();
    return { result: null };
  });
}
