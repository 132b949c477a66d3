/** The web host whole: the app, its server, and the browser when asked. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { createApp } from '../../services/app.ts';
import { openLogFile } from '../logFile.ts';
import { appDataFolder, resourcesFolder, version } from '../places.ts';
import { childSpawn } from '../spawn.ts';
import { serveApp } from './serveApp.ts';

export interface WebHostOptions {
  /** A free one when absent. */
  readonly port?: number;
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** Opened at the start. */
  readonly project?: string;
  /** Opens the sample project at the start. */
  readonly sample?: boolean;
  /** Opens the default browser. */
  readonly open?: boolean;
}

/**
 * Starts the app behind a loopback server. `not-found` when the page has not been built; what opening the project
 * throws, after closing everything.
 */
export async function startWebHost(
  options: WebHostOptions = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const rendererFolder = join(resourcesFolder(), '..', 'dist', 'renderer');
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    throw new AppError('not-found', `The page has not been built: ${rendererFolder}`, {
      subject: rendererFolder,
      remedy: 'Run `npm run build -- renderer`, or `npm start`, which builds by itself.',
    });
  }
  const appData = appDataFolder();
  const logFile = openLogFile(join(appData, 'logs'));
  const app = createApp({
    spawn: childSpawn(),
    log: (level, message, facts) => {
      logFile.log(level, message, facts);
      if (level === 'warn' || level === 'error') {
        process.stderr.write(`${level}: ${message}${facts ? ` ${JSON.stringify(facts)}` : ''}\n`);
      }
    },
    recentLog: logFile.recent,
    paths: { appData, resources: resourcesFolder() },
    capabilities: { host: 'web', fileDialogs: false, nativeMenu: false, notifications: false },
    version: version(),
    pid: process.pid,
  });
  try {
    if (options.project !== undefined) await app.call('project.open', { path: options.project });
    else if (options.sample) await app.call('project.sample', {});
    const server = await serveApp(app, {
      port: options.port ?? 0,
      host: options.host ?? '127.0.0.1',
      rendererFolder,
    });
    if (options.open) openBrowser(server.url);
    return {
      url: server.url,
      async close() {
        await server.close();
        await app.dispose();
      },
    };
  } catch (error) {
    await app.dispose();
    throw error;
  }
}

/** The system's own way to open an address. Where there is none (a server without a desktop), the printed one serves. */
function openBrowser(url: string): void {
  const [command, args] =
    process.platform === 'win32'
      ? ['explorer.exe', [url]]
      : process.platform === 'darwin'
        ? ['open', [url]]
        : ['xdg-open', [url]];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
