import { freemem, platform, totalmem } from 'node:os';

/**
 * Bytes that the system could give this process beside what it has. macOS counts only idle pages as free, and gives
 * those of its caches when asked: there half of all memory is taken for granted.
 */
export function availableMemory(): number {
  if (platform() === 'darwin') return Math.max(freemem(), totalmem() / 2);
  // Heeds the limits of a container, which the figure for the whole machine does not.
  return Math.min(process.availableMemory(), freemem());
}
