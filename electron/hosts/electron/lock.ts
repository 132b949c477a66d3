/** What no page of ours may do, whatever it becomes: leave, open windows, ask for devices, load anything from outside. */
import { type App, type Session, session, type WebContents } from 'electron';
import { origin } from './scheme.ts';

const ours = (url: string) => url.startsWith(`${origin}/`);

/** Every page, also those that are made later. */
export function lockPages(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event, url) => {
      if (!ours(url)) event.preventDefault();
    });
    contents.on('will-redirect', (event, url) => {
      if (!ours(url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!ours(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** No camera, no location, no notifications by the page: all is refused but copying text. Nothing remote is fetched. */
export function lockSession(): void {
  const { defaultSession } = session;
  const allowed = (permission: string) => permission === 'clipboard-sanitized-write';
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed(permission)));
  defaultSession.setPermissionCheckHandler((_contents, permission) => allowed(permission));
  defaultSession.setDevicePermissionHandler(() => false);
  blockRemote(defaultSession);
}

function blockRemote({ webRequest }: Session): void {
  const remote = { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file:///*'] };
  webRequest.onBeforeRequest(remote, (_details, answer) => answer({ cancel: true }));
}
