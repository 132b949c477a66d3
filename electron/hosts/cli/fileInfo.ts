import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { StatisticsJob, StatisticsResult } from '../../contract/jobs.ts';
import type { SceneInfo } from '../../contract/scene.ts';
import { createRunner } from '../../jobs/runner.ts';
import { childSpawn } from '../spawn.ts';

/** What the statistics job says about a file that belongs to no project. Nothing is written but a temporary folder. */
export async function fileInfo(file: string, signal: AbortSignal): Promise<SceneInfo> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-info-'));
  const runner = createRunner({ spawn: childSpawn() });
  const payload: StatisticsJob = {
    kind: 'statistics',
    source: { scene: basename(file), files: [file], sensor: null, date: null },
  };
  const cancel = () => void runner.cancel('statistics');
  signal.addEventListener('abort', cancel);
  try {
    const { result } = await runner.submit({ id: 'statistics', folder, payload }, 'light');
    return { ...(result as StatisticsResult).info, scene: null, file };
  } finally {
    signal.removeEventListener('abort', cancel);
    await runner.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}
