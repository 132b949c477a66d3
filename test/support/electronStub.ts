/**
 * A stand-in for the `electron` module, as far as the main process touches it: it records what was wired, so that a
 * test can send a call, an event or an address through and see what comes out. Workers are real processes.
 */
import { fork, type Serializable } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';

type Handler = (...args: unknown[]) => unknown;

const appEvents = new EventEmitter();

export const wired = {
  ipc: new Map<string, Handler>(),
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  protocol: new Map<string, (request: Request) => Promise<Response>>(),
  windows: [] as StubWindow[],
  exposed: new Map<string, unknown>(),
  permission: undefined as
    | ((contents: unknown, permission: string, answer: (ok: boolean) => void) => void)
    | undefined,
  menu: undefined as unknown,
  errors: [] as string[],
  sandboxed: false,
  /** What message boxes asked, and the number of the button that is pressed next. */
  asked: [] as { message: string; detail?: string; buttons?: string[] }[],
  press: 0,
  trays: [] as StubTray[],
  notes: [] as { title: string; body: string }[],
  opened: [] as string[],
  blocked: [] as string[],
  focused: true,
};

class StubWindow extends EventEmitter {
  readonly options: Record<string, unknown>;
  readonly loaded: string[] = [];
  readonly sent: unknown[][] = [];
  openHandler: (() => { action: string }) | undefined;
  readonly webContents = Object.assign(new EventEmitter(), {
    send: (...message: unknown[]) => this.sent.push(message),
    setWindowOpenHandler: (handler: () => { action: string }) => {
      this.openHandler = handler;
    },
    reload: () => {
      this.reloads += 1;
    },
  });
  reloads = 0;
  visible = true;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    wired.windows.push(this);
    appEvents.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }
  show(): void {
    this.visible = true;
  }
  hide(): void {
    this.visible = false;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isFocused(): boolean {
    return wired.focused;
  }
  maximize(): void {}
  isMaximized(): boolean {
    return false;
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: 1200, height: 800 };
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
}

export { StubWindow as BrowserWindow };

class StubTray extends EventEmitter {
  tip = '';
  menu: { label?: string; click?: () => void }[] = [];
  destroyed = false;
  constructor() {
    super();
    wired.trays.push(this);
  }
  setToolTip(text: string): void {
    this.tip = text;
  }
  setContextMenu(menu: unknown): void {
    this.menu = menu as typeof this.menu;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

export { StubTray as Tray };
export const nativeImage = { createFromPath: (path: string) => path };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const shell = {
  openPath: async (path: string) => {
    wired.opened.push(path);
    return '';
  },
};
export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }
  readonly facts: { title: string; body: string };
  constructor(facts: { title: string; body: string }) {
    super();
    this.facts = facts;
  }
  show(): void {
    wired.notes.push(this.facts);
  }
}

export const app = Object.assign(appEvents, {
  isPackaged: false,
  enableSandbox: () => {
    wired.sandboxed = true;
  },
  requestSingleInstanceLock: () => true,
  whenReady: async () => {},
  getVersion: () => '0.0.0-test',
  getPreferredSystemLanguages: () => ['en-GB'],
  exit: () => {},
  getAppPath: () => fileURLToPath(new URL('../..', import.meta.url)),
  getPath: () => process.env.SWATH_STUB_USER_DATA ?? '',
  quit: () => {},
});
export const protocol = {
  registerSchemesAsPrivileged: (schemes: typeof wired.schemes) => wired.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) =>
    wired.protocol.set(scheme, handler),
};
export const ipcMain = { handle: (channel: string, handler: Handler) => wired.ipc.set(channel, handler) };
export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof wired.permission>) => {
      wired.permission = handler;
    },
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    webRequest: {
      onBeforeRequest: (filter: { urls: string[] }) => wired.blocked.push(...filter.urls),
    },
  },
};
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => {
    wired.menu = menu;
  },
};
export const dialog = {
  showErrorBox: (_title: string, text: string) => wired.errors.push(text),
  showOpenDialog: async () => ({ canceled: false, filePaths: ['/data/a.tif'] }),
  showMessageBox: async (...given: unknown[]) => {
    wired.asked.push(given.at(-1) as (typeof wired.asked)[number]);
    return { response: wired.press };
  },
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
};
const rendererEvents = new EventEmitter();
export const ipcRenderer = Object.assign(rendererEvents, {
  invoke: async (channel: string, ...args: unknown[]) => wired.ipc.get(channel)?.(trustedEvent, ...args),
});
export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown) => wired.exposed.set(name, api),
};
export const webUtils = { getPathForFile: () => '/dropped/file.tif' };
/** Starts the real worker, as Node's child process: its messages and its end are what Electron's would be. */
export const utilityProcess = {
  fork: () => {
    const child = fork(fileURLToPath(new URL('../../electron/hosts/worker.entry.ts', import.meta.url)), {
      execPath: process.execPath,
      execArgv: [],
    });
    const events = new EventEmitter();
    child.on('message', (message) => events.emit('message', message));
    child.on('exit', (code) => events.emit('exit', code));
    return Object.assign(events, {
      pid: child.pid,
      postMessage: (message: Serializable) => child.send(message),
      kill: () => child.kill(),
    });
  },
};

export const trustedEvent = { senderFrame: { url: 'swath://app/', parent: null } };
