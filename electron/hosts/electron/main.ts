/** Electron's main process: wiring only. What the app does is behind `services/app.ts`; what the window shows, in renderer/. */

import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, Notification, protocol, shell } from 'electron';
import type { LogLevel } from '../../base/log.ts';
import { defaultPreferences, type Preferences, type Settings } from '../../contract/catalog/preferences.ts';
import { isNews, type Run } from '../../contract/run.ts';
import { chooseTongue } from '../../contract/tongue.ts';
import { type App, createApp } from '../../services/app.ts';
import { openLogFile } from '../logFile.ts';
import { checkUpdates } from './checkUpdates.ts';
import { closingOf } from './closing.ts';
import { answerDialogs } from './dialogs.ts';
import { answerCalls, answerOrders } from './ipc.ts';
import { lockPages, lockSession } from './lock.ts';
import { menuTemplate } from './menu.ts';
import { projectArgument } from './projectArgument.ts';
import { recover } from './recovery.ts';
import { answerPdf } from './reportPdf.ts';
import { watchRuns } from './runWatch.ts';
import { createSchemeHandler, scheme } from './scheme.ts';
import { createSpawn } from './spawn.ts';
import { type NativeTexts, nativeTexts } from './texts.ts';
import { createTray } from './tray.ts';
import { openWindow } from './window.ts';

const here = import.meta.dirname;
const userData = app.getPath('userData');
const resources = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources');
const logFile = openLogFile(join(userData, 'logs'));

app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);

let window: BrowserWindow | undefined;
let swath: App | undefined;
let preferences: Preferences = defaultPreferences;
/** Nobody is asked any more. */
let leaving = false;
/** A project that the system asked to open before the window was there. */
let wanted = projectArgument(process.argv.slice(1));

const texts = (): NativeTexts =>
  nativeTexts[chooseTongue(preferences.language, app.getPreferredSystemLanguages()).language];
const runs = watchRuns(tellEnd, () => window?.isVisible() === false && tray.show(texts(), runs.active));
const tray = createTray(join(resources, 'icons', 'tray.png'), { open: show, quit: leave });

if (!app.requestSingleInstanceLock()) app.quit();
else {
  lockPages(app);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', (reason) =>
    log('error', 'A promise was left alone', { reason: String(reason) }),
  );
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    log('warn', 'A process of Electron ended', { type, reason, exitCode }),
  );
  app.on('second-instance', (_event, argv) => openLater(projectArgument(argv.slice(1))));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    openLater(projectArgument([path]));
  });
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (!leaving && closingOf(preferences.onClose, runs.active) === 'ask') {
      event.preventDefault();
      void askToClose();
      return;
    }
    leaving = true;
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
  const running = createApp({
    spawn: createSpawn(join(here, 'worker.js'), join(userData, 'engine')),
    log,
    recentLog: logFile.recent,
    paths: { appData: userData, resources },
    capabilities: { host: 'electron', fileDialogs: true, nativeMenu: true, notifications: true },
    version: app.getVersion(),
    pid: process.pid,
  });
  swath = running;
  lockSession();
  protocol.handle(
    scheme,
    createSchemeHandler(join(app.getAppPath(), 'dist', 'renderer'), (request) =>
      running.handleBytes(request),
    ),
  );
  answerCalls(ipcMain, (method, params) => running.call(method, params));
  answerDialogs(ipcMain, dialog, () => window, texts);
  answerPdf(ipcMain, {
    choose: async (proposed) => {
      if (!window) return null;
      const options = { title: texts().savePdf, defaultPath: proposed };
      const chosen = await dialog.showSaveDialog(window, options);
      return chosen.canceled ? null : chosen.filePath;
    },
    open: () => new BrowserWindow({ show: false, webPreferences: { sandbox: true, javascript: false } }),
  });
  answerOrders(ipcMain, { 'check-updates': lookForUpdates });
  running.subscribe((event) => {
    runs.hear(event);
    if (event.type === 'settings') useSettings(event.settings);
    window?.webContents.send('swath:event', event);
  });
  useSettings((await running.call('settings.get', {})) as Settings);
  await openFirst(running);
  const opened = openWindow(join(here, 'preload.cjs'), join(userData, 'window.json'), log);
  window = opened;
  recover(opened, { dialog, texts, log, logPath: logFile.path, quit: leave });
  opened.on('close', (event) => {
    const closing = leaving ? 'quit' : closingOf(preferences.onClose, runs.active);
    if (closing === 'quit') return;
    event.preventDefault();
    if (closing === 'tray') hide();
    else void askToClose();
  });
  opened.on('closed', () => {
    window = undefined;
  });
}

function useSettings({ values }: Settings): void {
  preferences = values;
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        platform: process.platform,
        texts: texts(),
        keys: values.keys,
        send: (command) => window?.webContents.send('swath:menu', command),
        checkUpdates: () => void lookForUpdates(),
      }),
    ),
  );
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
  show();
  if (path === undefined) return;
  if (!swath || !window) wanted = path;
  else
    void swath
      .call('project.open', { path })
      .catch((error: Error) => dialog.showErrorBox('Swath', error.message));
}

function show(): void {
  tray.hide();
  if (window?.isMinimized()) window.restore();
  window?.show();
  window?.focus();
}

function hide(): void {
  window?.hide();
  tray.show(texts(), runs.active);
}

function leave(): void {
  leaving = true;
  app.quit();
}

async function askToClose(): Promise<void> {
  const { closing, closingDetail, goOn, stop, cancel } = texts();
  const question = { type: 'question', title: 'Swath', message: closing, detail: closingDetail } as const;
  const buttons = { buttons: [goOn, stop, cancel], defaultId: 0, cancelId: 2 };
  const { response } = window
    ? await dialog.showMessageBox(window, { ...question, ...buttons })
    : await dialog.showMessageBox({ ...question, ...buttons });
  if (response === 0) hide();
  else if (response === 1) leave();
}

/** On the desktop, unless the window is in front and shows it itself. */
function tellEnd(run: Run): void {
  if (!isNews(run) || !preferences.notify || window?.isFocused() || !Notification.isSupported()) return;
  const { kinds, done, failed } = texts();
  const note = new Notification({
    title: `${kinds[run.kind]} ${run.state === 'done' ? done : failed}`,
    body: run.reason ?? run.method ?? '',
  });
  note.on('click', show);
  note.show();
}

async function lookForUpdates(): Promise<void> {
  if (!window) return;
  const { updateFolder: folder } = preferences;
  await checkUpdates({
    dialog,
    shell,
    window,
    texts: texts(),
    folder,
    version: app.getVersion(),
    quit: leave,
  });
}

function log(level: LogLevel, message: string, facts?: Record<string, unknown>): void {
  logFile.log(level, message, facts);
  if (level === 'warn' || level === 'error') process.stderr.write(`${level}: ${message}\n`);
}

/** An error that nobody expected: said, logged, and the end. What was saved is safe; what follows would not be sound. */
function fail(error: Error): void {
  log('error', error.message, { stack: error.stack });
  dialog.showErrorBox(texts().unexpected, texts().unexpectedDetail(error.message, logFile.path));
  app.exit(1);
}
