import { readFileSync } from 'node:fs';

/** Whether a process with this id runs on this machine; one that we may not signal counts as running. */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return statFields(pid)?.[0] !== 'Z';
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Start time of a process since boot, in clock ticks; null where there is no /proc. */
export function processStart(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** /proc/pid/stat from the state on (field 3): Z is dead and not yet reaped, field 22 the start time. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold spaces: fields are counted after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
