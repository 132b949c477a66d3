import { BrowserWindow, type BrowserWindowConstructorOptions, screen } from 'electron';
import type { Log } from '../../base/log.ts';
import { origin } from './scheme.ts';
import { keepWindowState, type Placement, placeWindow, readWindowState, smallest } from './windowState.ts';

/** Hardened as Electron's security checklist asks: isolated and sandboxed; no spell checker, which would fetch its lists. */
export function windowOptions(preload: string, place: Placement): BrowserWindowConstructorOptions {
  const { maximized: _, ...bounds } = place;
  return {
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    backgroundColor: '#f4f3ee',
    title: 'Swath',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  };
}

/** Opens the window where it was, and keeps where it is. */
export function openWindow(preload: string, stateFile: string, log: Log): BrowserWindow {
  const place = placeWindow(
    readWindowState(stateFile),
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow(windowOptions(preload, place));
  if (place.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  const keep = () =>
    keepWindowState(stateFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }, log);
  // Also when the focus goes: whatever ends the app later, the place is known.
  window.on('blur', keep);
  window.on('close', keep);
  void window.loadURL(`${origin}/`);
  return window;
}
