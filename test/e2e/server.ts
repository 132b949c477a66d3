import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const nodeBinary = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

export interface Server {
  /** With the token. */
  readonly url: string;
  readonly process: ChildProcess;
  /** As a power cut would: no farewell. */
  kill(): Promise<void>;
}

/** The real web host as its own process. `appData` keeps the test away from the user's own settings. */
export async function startServer(
  args: readonly string[],
  appData = mkdtempSync(join(tmpdir(), 'swath-e2e-')),
): Promise<Server> {
  const child = spawn(nodeBinary, [join(root, 'electron/hosts/cli/main.ts'), 'serve', ...args], {
    env: { ...process.env, SWATH_APP_DATA: appData },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /http:\/\/\S+token=\S+/.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${output}`)));
  });
  return {
    url,
    process: child,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
