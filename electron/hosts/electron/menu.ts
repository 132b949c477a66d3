import type { MenuItemConstructorOptions } from 'electron';
import { type KeyChoice, type KeyCommandId, keysOf } from '../../contract/catalog/keys.ts';
import type { NativeTexts } from './texts.ts';

/** What a menu item asks of the window: a command of the table of keys; the page does the rest. */
export type MenuCommand = KeyCommandId;

const stages = ['scenes', 'regions', 'pretrain', 'label', 'train', 'map', 'assess'] as const;

interface MenuFacts {
  readonly platform: NodeJS.Platform;
  readonly texts: NativeTexts;
  readonly keys: KeyChoice;
  readonly send: (command: MenuCommand) => void;
  readonly checkUpdates: () => void;
}

/** The native menu as data, so that it can be tested without Electron. Its accelerators are the user's own keys. */
export function menuTemplate({
  platform,
  texts,
  keys,
  send,
  checkUpdates,
}: MenuFacts): MenuItemConstructorOptions[] {
  const item = (label: string, command: MenuCommand): MenuItemConstructorOptions => {
    const accelerator = acceleratorOf(keysOf(command, keys)[0]);
    return { label, click: () => send(command), ...(accelerator === undefined ? {} : { accelerator }) };
  };
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const settings = item(texts.settings, 'settings');
  return [
    ...(mac ? [appMenu(settings)] : []),
    {
      label: texts.file,
      submenu: [
        item(texts.newProject, 'new-project'),
        item(texts.openProject, 'open-project'),
        item(texts.closeProject, 'close-project'),
        separator,
        item(texts.addScene, 'add-scene'),
        separator,
        ...(mac ? [{ role: 'close' } as const] : [settings, separator, { role: 'quit' } as const]),
      ],
    },
    {
      label: texts.edit,
      submenu: [
        item(texts.undo, 'undo'),
        item(texts.redo, 'redo'),
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        item(texts.palette, 'palette'),
      ],
    },
    { label: texts.go, submenu: stages.map((stage, i) => item(texts.stages[i] ?? stage, `go-${stage}`)) },
    {
      label: texts.view,
      submenu: [
        item(texts.panel, 'panel'),
        item(texts.layers, 'layers'),
        item(texts.fit, 'fit'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        { role: 'toggleDevTools' },
      ],
    },
    { role: 'windowMenu' },
    {
      label: texts.help,
      submenu: [
        item(texts.shortcuts, 'shortcuts'),
        item(texts.tour, 'tour'),
        separator,
        { label: texts.checkUpdates, click: checkUpdates },
        item(texts.diagnostics, 'diagnostics'),
      ],
    },
  ];
}

function appMenu(settings: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

/**
 * A chord as Electron writes it. One without Ctrl or Alt is left to the page: a native accelerator would take the letter
 * from whoever is typing.
 */
function acceleratorOf(chord: string | undefined): string | undefined {
  if (chord === undefined || !/^(Mod|Alt)\+/.test(chord)) return undefined;
  return chord.replace('Mod+', 'CmdOrCtrl+').replace(/Arrow(Up|Down|Left|Right)$/, '$1');
}
