import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
const main = join(root, 'electron/hosts/cli/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document of stdout. */
  readonly json: unknown;
}

/** Runs the real command line in a process of its own. `during` sees stderr as it comes, and may send a signal. */
export function swath(
  words: readonly string[],
  options: {
    cwd?: string;
    appData?: string;
    during?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Ended> {
  const { promise, resolve: end } = Promise.withResolvers<Ended>();
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...words], {
    cwd: options.cwd ?? root,
    env: { ...env, ...(options.appData ? { SWATH_APP_DATA: options.appData } : {}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    options.during?.(stderr, (signal) => child.kill(signal));
  });
  child.on('close', (code) =>
    end({ code, stdout, stderr, json: words.includes('--json') ? parse(stdout) : undefined }),
  );
  return promise;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`stdout is not one JSON document: ${text}`);
  }
}
