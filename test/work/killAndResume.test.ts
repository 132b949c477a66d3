import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { PretrainJob } from '../../electron/contract/jobs.ts';
import { readSafetensors } from '../../electron/disk/safetensors.ts';
import type { FromWorker } from '../../electron/jobs/protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-kill-'));
afterAll(() => rmSync(folder, { recursive: true }));
const entry = new URL('../../electron/hosts/worker.entry.ts', import.meta.url);
const scene = fileURLToPath(new URL('../../resources/sample/flevoland-west.tif', import.meta.url));

function jobOf(resumeFolder: string | null): PretrainJob {
  return {
    kind: 'pretrain',
    params: {
      ...{ method: 'moco', encoder: 'dense', scenes: [], regions: [], seed: 3, device: 'cpu' },
      ...{ tile: 8, batch: 32, epochs: 300 },
      set: { width: 16, layers: 2, dimension: 16, projectorWidth: 32, queue: 128, tilesPerEpoch: 64 },
    },
    sources: [{ scene: 'f', files: [scene], sensor: null, date: null }],
    regions: [],
    fields: [],
    fromEncoder: null,
    resumeFolder,
  };
}

interface Ended {
  readonly how: 'done' | 'killed';
  /** Since its first step. */
  readonly milliseconds: number;
}

/** Runs the job in a worker process, which is killed without warning `afterMs` after its first step. */
function run(own: string, afterMs: number | null): Promise<Ended> {
  mkdirSync(own, { recursive: true });
  const resume = existsSync(join(own, 'checkpoint.safetensors')) ? own : null;
  return new Promise((resolve, reject) => {
    const worker = fork(entry, { stdio: 'ignore' });
    let how: 'done' | 'killed' = 'killed';
    let timer: NodeJS.Timeout | undefined;
    let began = Number.NaN;
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready')
        worker.send({ type: 'start', request: { id: 'kill', folder: own, payload: jobOf(resume) } });
      if (message.type === 'failed') reject(new Error(JSON.stringify(message.error)));
      if (message.type === 'done') how = 'done';
      if (message.type !== 'progress' || message.progress.stage !== 'pretrain') return;
      if (Number.isNaN(began)) began = performance.now();
      if (afterMs !== null) timer ??= setTimeout(() => worker.kill('SIGKILL'), afterMs);
    });
    worker.on('exit', () => {
      clearTimeout(timer);
      resolve({ how, milliseconds: performance.now() - began });
    });
  });
}

test('killed ten times at random moments and resumed, a run ends bit-equal to one that was left alone', async () => {
  const [straight, killed] = [join(folder, 'straight'), join(folder, 'killed')];
  const prng = prngFrom('kill');
  const { how, milliseconds } = await run(straight, null);
  expect(how).toBe('done');
  // On a machine of any speed, half of the way is left after the tenth.
  const moment = () => (milliseconds / 10) * prng.uniform();
  let kills = 0;
  while (kills < 10 && (await run(killed, moment())).how === 'killed') kills++;
  while ((await run(killed, null)).how !== 'done');
  expect(kills).toBe(10);
  for (const name of ['checkpoint.safetensors', 'encoder.safetensors']) {
    const tensors = (of: string) => readSafetensors(join(of, name)).tensors;
    expect(tensors(killed)).toEqual(tensors(straight));
  }
  const curves = (of: string) => readFileSync(join(of, 'metrics.jsonl'), 'utf8');
  expect(curves(killed)).toBe(curves(straight));
}, 600_000);
