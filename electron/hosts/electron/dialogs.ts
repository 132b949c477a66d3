import type {
  BrowserWindow,
  IpcMain,
  OpenDialogOptions,
  OpenDialogReturnValue,
  SaveDialogReturnValue,
} from 'electron';
import { isTrustedSender } from './ipc.ts';
import type { NativeTexts } from './texts.ts';

interface Dialogs {
  showOpenDialog(window: BrowserWindow, options: OpenDialogOptions): Promise<OpenDialogReturnValue>;
  showSaveDialog(
    window: BrowserWindow,
    options: { title: string; defaultPath: string },
  ): Promise<SaveDialogReturnValue>;
}

function optionsOf(texts: NativeTexts): Readonly<Record<string, OpenDialogOptions>> {
  return {
    rasters: {
      title: texts.addScenes,
      properties: ['openFile', 'multiSelections'],
      filters: [{ name: 'GeoTIFF', extensions: ['tif', 'tiff', 'TIF', 'TIFF'] }],
    },
    labels: {
      title: texts.importLabels,
      properties: ['openFile'],
      filters: [
        {
          name: texts.labelFiles,
          extensions: ['geojson', 'json', 'gpkg', 'shp', 'zip', 'parquet', 'tif', 'tiff'],
        },
      ],
    },
    project: { title: texts.chooseProject, properties: ['openDirectory'] },
  };
}

/** The system's file dialogs for our own page. */
export function answerDialogs(
  ipcMain: Pick<IpcMain, 'handle'>,
  dialogs: Dialogs,
  window: () => BrowserWindow | undefined,
  texts: () => NativeTexts,
): void {
  ipcMain.handle('swath:choose', async (event, what: unknown): Promise<string[]> => {
    const parent = window();
    if (!isTrustedSender(event) || !parent || typeof what !== 'string') return [];
    if (what === 'new-project') {
      const chosen = await dialogs.showSaveDialog(parent, {
        title: texts().createProject,
        defaultPath: texts().projectFile,
      });
      return chosen.canceled ? [] : [chosen.filePath];
    }
    const known = optionsOf(texts());
    const options = Object.hasOwn(known, what) ? known[what] : undefined;
    if (!options) return [];
    const chosen = await dialogs.showOpenDialog(parent, options);
    return chosen.canceled ? [] : chosen.filePaths;
  });
}
