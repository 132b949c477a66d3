import { execFileSync } from 'node:child_process';

/** Debian's Python: another one on the PATH knows none of its packages. */
const python = '/usr/bin/python3';

/** Whether Debian's Python is here with these modules; prints the reason when tests that need them are skipped. */
export function hasPython(...modules: string[]): boolean {
  const imports = modules.length > 0 ? `import ${modules.join(', ')}` : '';
  try {
    execFileSync(python, ['-c', imports], { stdio: 'ignore' });
    return true;
  } catch {
    const what = [python, ...modules].join(' with ');
    console.log(`skipped: ${what} is not installed, so it cannot serve as the oracle`);
    return false;
  }
}

/** Runs a script that prints JSON. */
export function runPython<T>(script: string, ...args: string[]): T {
  return JSON.parse(
    execFileSync(python, ['-c', script, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 }),
  ) as T;
}
