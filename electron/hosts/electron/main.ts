/** Electron's main process: wiring only. What the app does is behind `services/app.ts`; what the window shows, in renderer/. */

import { join } from 'node:path';
import { app, type BrowserWindow, dialog, ipcMain, Menu, protocol } from 'electron';
import { type App, createApp } from '../../services/app.ts';
import { answerDialogs } from './dialogs.ts';
import { answerCalls } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { projectArgument } from './projectArgument.ts';
import { createSchemeHandler, scheme } from './scheme.ts';
import { createSpawn } from './spawn.ts';
import { openWindow, refusePermissions } from './window.ts';

const here = import.meta.dirname;

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

let window: BrowserWindow | undefined;
let swath: App | undefined;
/** A project that the system asked to open before the window was there. */
let wanted = projectArgument(process.argv.slice(1));

if (!app.requestSingleInstanceLock()) app.quit();
else {
  app.on('second-instance', (_event, argv) => openLater(projectArgument(argv.slice(1))));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openLater(path);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (!swath) return;
    // Jobs are ended and the database is closed before the process goes.
    event.preventDefault();
    const closing = swath;
    swath = undefined;
    void closing.dispose().finally(() => app.quit());
  });
  void app.whenReady().then(start);
}

async function start(): Promise<void> {
  swath = createApp({
    spawn: createSpawn(join(here, 'worker.js'), join(app.getPath('userData'), 'engine')),
    log: (level, message) => {
      if (level === 'warn' || level === 'error') process.stderr.write(`${level}: ${message}\n`);
    },
    paths: {
      appData: app.getPath('userData'),
      resources: app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources'),
    },
    capabilities: { host: 'electron', fileDialogs: true, nativeMenu: true, notifications: true },
    version: app.getVersion(),
    pid: process.pid,
  });
  const running = swath;
  refusePermissions();
  protocol.handle(
    scheme,
    createSchemeHandler(join(app.getAppPath(), 'dist', 'renderer'), (request) =>
      running.handleBytes(request),
    ),
  );
  answerCalls(ipcMain, (method, params) => running.call(method, params));
  answerDialogs(ipcMain, dialog, () => window);
  running.subscribe((event) => window?.webContents.send('swath:event', event));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(process.platform, (command) => window?.webContents.send('swath:menu', command)),
    ),
  );
  await openFirst(running);
  window = openWindow(join(here, 'preload.cjs'));
  window.on('closed', () => {
    window = undefined;
  });
}

/** The project named on the command line or by the system; else the sample, so that the first window is not empty. */
async function openFirst(running: App): Promise<void> {
  try {
    if (wanted === undefined) await running.call('project.sample', {});
    else await running.call('project.open', { path: wanted });
  } catch (error) {
    dialog.showErrorBox('Swath', error instanceof Error ? error.message : String(error));
  }
}

function openLater(path: string | undefined): void {
  if (window?.isMinimized()) window.restore();
  window?.focus();
  if (path === undefined) return;
  if (!swath || !window) wanted = path;
  else
    void swath
      .call('project.open', { path })
      .catch((error: Error) => dialog.showErrorBox('Swath', error.message));
}
