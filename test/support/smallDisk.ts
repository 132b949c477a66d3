import { execFileSync } from 'node:child_process';
import { afterEach } from 'vitest';
import { tmpFolder } from './tmpProject.ts';

const mounted: string[] = [];

/** Whether this process may mount file systems; prints the reason when tests that need it are skipped. */
export const canMount = probe();

function probe(): boolean {
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
      execFileSync('umount', [folder]);
      return true;
    } catch {
      // Said below.
    } finally {
      execFileSync('rmdir', [folder]);
    }
  }
  console.log('skipped: only root on Linux can mount the small or read-only disk of this test');
  return false;
}

/** An empty file system of its own, unmounted after the test. */
export function smallDisk(kibibytes: number): { readonly folder: string; remountReadOnly(): void } {
  const folder = tmpFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]);
  mounted.push(folder);
  return {
    folder,
    remountReadOnly: () => {
      execFileSync('mount', ['-o', 'remount,ro', folder]);
    },
  };
}

// Lazily: these hooks run in reverse order, so a project on the disk may still be open here.
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', ['-l', folder]);
});
