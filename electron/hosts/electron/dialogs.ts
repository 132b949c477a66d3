import type {
  BrowserWindow,
  IpcMain,
  OpenDialogOptions,
  OpenDialogReturnValue,
  SaveDialogReturnValue,
} from 'electron';
import { isTrustedSender } from './ipc.ts';

interface Dialogs {
  showOpenDialog(window: BrowserWindow, options: OpenDialogOptions): Promise<OpenDialogReturnValue>;
  showSaveDialog(
    window: BrowserWindow,
    options: { title: string; defaultPath: string },
  ): Promise<SaveDialogReturnValue>;
}

const open: Readonly<Record<string, OpenDialogOptions>> = {
  rasters: {
    title: 'Add scenes',
    properties: ['openFile', 'multiSelections'],
    filters: [{ name: 'GeoTIFF', extensions: ['tif', 'tiff', 'TIF', 'TIFF'] }],
  },
  labels: {
    title: 'Import labels',
    properties: ['openFile'],
    filters: [
      { name: 'Labels', extensions: ['geojson', 'json', 'gpkg', 'shp', 'zip', 'parquet', 'tif', 'tiff'] },
    ],
  },
  project: { title: 'Open a project', properties: ['openDirectory'] },
};

/** The system's file dialogs for our own page. */
export function answerDialogs(
  ipcMain: Pick<IpcMain, 'handle'>,
  dialogs: Dialogs,
  window: () => BrowserWindow | undefined,
): void {
  ipcMain.handle('swath:choose', async (event, what: unknown): Promise<string[]> => {
    const parent = window();
    if (!isTrustedSender(event) || !parent || typeof what !== 'string') return [];
    if (what === 'new-project') {
      const chosen = await dialogs.showSaveDialog(parent, {
        title: 'New project',
        defaultPath: 'Project.swath',
      });
      return chosen.canceled ? [] : [chosen.filePath];
    }
    const options = open[what];
    if (!options) return [];
    const chosen = await dialogs.showOpenDialog(parent, options);
    return chosen.canceled ? [] : chosen.filePaths;
  });
}
