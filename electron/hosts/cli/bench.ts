/** Measurements outside any project, each in a worker process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { BenchFigures, BenchName } from '../../contract/bench.ts';
import type { BenchJob } from '../../contract/jobs.ts';
import { createRunner } from '../../jobs/runner.ts';
import { version } from '../places.ts';
import { childSpawn } from '../spawn.ts';

export interface BenchReport {
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly platform: string;
    readonly node: string;
    readonly swath: string;
  };
  readonly cases: readonly (BenchFigures & { readonly peakRssBytes: number })[];
}

/** Errors: those of a case; nothing is passed over. */
export async function runBench(
  names: readonly BenchName[],
  options: {
    readonly device: string;
    readonly profile: boolean;
    readonly signal: AbortSignal;
    readonly note: (line: string) => void;
  },
): Promise<BenchReport> {
  const cases: BenchReport['cases'][number][] = [];
  for (const name of names) {
    options.note(`▸ ${name}`);
    cases.push(
      await runCase(
        { kind: 'bench', name, device: options.device, profile: options.profile },
        options.signal,
      ),
    );
  }
  return {
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      platform: `${platform()} ${arch()}`,
      node: process.versions.node,
      swath: version(),
    },
    cases,
  };
}

async function runCase(payload: BenchJob, signal: AbortSignal): Promise<BenchReport['cases'][number]> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-bench-'));
  const runner = createRunner({ spawn: childSpawn() });
  const { name } = payload;
  const cancel = () => void runner.cancel(name);
  signal.addEventListener('abort', cancel);
  try {
    const { result, peakRssBytes } = await runner.submit({ id: name, folder, payload }, 'heavy');
    return { ...(result as BenchFigures), peakRssBytes };
  } finally {
    signal.removeEventListener('abort', cancel);
    await runner.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
