import type { BrowserWindow, Dialog, Shell } from 'electron';
import { toErrorRecord } from '../../base/errors.ts';
import type { NativeTexts } from './texts.ts';
import { findUpdate } from './updates.ts';

interface UpdateCheck {
  readonly dialog: Pick<Dialog, 'showOpenDialog' | 'showMessageBox'>;
  readonly shell: Pick<Shell, 'openPath'>;
  readonly window: BrowserWindow;
  readonly texts: NativeTexts;
  /** Asked for when null. */
  readonly folder: string | null;
  readonly version: string;
  quit(): void;
}

/** Looks into the folder with newer versions and tells what is there; opens the installer only when the user says so. */
export async function checkUpdates(check: UpdateCheck): Promise<void> {
  const { dialog, shell, window, texts, version } = check;
  const say = (message: string, detail = '', buttons: string[] = [], type: 'info' | 'error' = 'info') =>
    dialog.showMessageBox(window, { type, title: 'Swath', message, detail, buttons, cancelId: 1 });
  const folder = check.folder ?? (await chooseFolder(check));
  if (folder === undefined) return;
  try {
    const { platform, arch } = process;
    const update = await findUpdate(folder, { version, platform, arch });
    if (update.installer === null) {
      await say(texts.newest(update.version));
      return;
    }
    const question = texts.newer(update.version, version);
    const { response } = await say(question, texts.newerDetail(update.installer), [
      texts.install,
      texts.later,
    ]);
    if (response !== 0) return;
    const failure = await shell.openPath(update.installer);
    if (failure === '') check.quit();
    else await say(texts.updateFailed, failure, [], 'error');
  } catch (error) {
    const { message, remedy } = toErrorRecord(error);
    await say(texts.updateFailed, `${message}\n${remedy ?? ''}`, [], 'error');
  }
}

async function chooseFolder({ dialog, window, texts }: UpdateCheck): Promise<string | undefined> {
  const chosen = await dialog.showOpenDialog(window, {
    title: texts.chooseUpdates,
    properties: ['openDirectory'],
  });
  return chosen.canceled ? undefined : chosen.filePaths[0];
}
