/** What onnxruntime's profile says: a JSON list of events, those of kernels with their operator and microseconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchFigures } from '../../contract/bench.ts';

interface Event {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/** Shares of the kernels' time by operator, most first; null where no profile was written into the folder. */
export function readProfile(folder: string): BenchFigures['profile'] {
  const file = readdirSync(folder).find((name) => name.startsWith('profile') && name.endsWith('.json'));
  if (file === undefined) return null;
  const events = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Event[];
  const spent = new Map<string, number>();
  let all = 0;
  for (const { cat, name, dur = 0, args } of events) {
    if (cat !== 'Node' || !name?.endsWith('_kernel_time')) continue;
    const op = args?.op_name ?? 'unknown';
    spent.set(op, (spent.get(op) ?? 0) + dur);
    all += dur;
  }
  return [...spent]
    .map(([op, microseconds]) => ({ op, share: microseconds / all }))
    .sort((a, b) => b.share - a.share);
}
