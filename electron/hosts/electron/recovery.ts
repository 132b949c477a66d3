/** A window that crashed or hangs is loaded again, and its user is told what was lost: nothing. */
import type { BrowserWindow, Dialog } from 'electron';
import { systemClock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { countCrashes } from './crashes.ts';
import type { NativeTexts } from './texts.ts';

interface Recovery {
  readonly dialog: Pick<Dialog, 'showMessageBox'>;
  readonly texts: () => NativeTexts;
  readonly log: Log;
  readonly logPath: string;
  quit(): void;
}

export function recover(window: BrowserWindow, { dialog, texts, log, logPath, quit }: Recovery): void {
  const tooMany = countCrashes();
  const load = () => {
    window.webContents.once('did-finish-load', () =>
      window.webContents.send('swath:notice', { level: 'warn', message: texts().reloaded }),
    );
    window.webContents.reload();
  };

  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('error', 'The window stopped working', { reason, exitCode });
    if (!tooMany(systemClock.now())) return load();
    void ask(texts().brokenOften, texts().brokenOftenDetail(logPath), [texts().tryAgain, texts().quit]).then(
      (answer) => (answer === 0 ? load() : quit()),
    );
  });
  window.on('unresponsive', () => {
    log('warn', 'The window does not answer');
    void ask(texts().notAnswering, texts().notAnsweringDetail, [texts().wait, texts().tryAgain]).then(
      (answer) => {
        if (answer === 1) load();
      },
    );
  });

  async function ask(message: string, detail: string, buttons: string[]): Promise<number> {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      title: 'Swath',
      message,
      detail,
      buttons,
      cancelId: 0,
    });
    return response;
  }
}
