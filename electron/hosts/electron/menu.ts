import type { MenuItemConstructorOptions } from 'electron';

/** What a menu item asks of the window; the page does the rest. */
export type MenuCommand = 'open-project' | 'new-project' | 'add-scene' | 'undo' | 'redo' | 'shortcuts';

/** The native menu as data, so that it can be tested without Electron. */
export function menuTemplate(
  platform: NodeJS.Platform,
  send: (command: MenuCommand) => void,
): MenuItemConstructorOptions[] {
  const item = (label: string, command: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => send(command),
    ...(accelerator === undefined ? {} : { accelerator }),
  });
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('&New project…', 'new-project', 'CmdOrCtrl+N'),
        item('&Open project…', 'open-project', 'CmdOrCtrl+O'),
        { type: 'separator' },
        item('&Add scene…', 'add-scene', 'CmdOrCtrl+Shift+A'),
        { type: 'separator' },
        platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('&Undo', 'undo', 'CmdOrCtrl+Z'),
        item('&Redo', 'redo', platform === 'win32' ? 'Ctrl+Y' : 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    { label: '&Help', submenu: [item('&Keyboard shortcuts', 'shortcuts', 'CmdOrCtrl+/')] },
  ];
}
