/** `--from` on real data: an encoder of two seasons goes on with one, and the other way round. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { must } from '../../electron/base/assert.ts';
import type { PretrainJob } from '../../electron/contract/jobs.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { readEncoderFile } from '../../electron/work/encoderFile.ts';
import { pretrain } from '../../electron/work/pretrain.ts';
import { expectClose } from '../support/expectClose.ts';
import { hasGdal } from '../support/gdal.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-transfer-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inn = join('..', 'shared', 'data', 'inn-farmland', 's2_two_seasons_8band_uint16.tif');
const isReady = hasGdal && existsSync(inn);
const engine = createEngine();

async function run(name: string, file: string, from: string | null, fromBands?: number[]) {
  const own = join(folder, name);
  mkdirSync(own);
  const warnings: string[] = [];
  const job: PretrainJob = {
    kind: 'pretrain',
    params: {
      ...{ method: 'vicreg', encoder: 'dense', scenes: [], regions: [], seed: 1, device: 'cpu' },
      ...{ tile: 8, batch: 16, epochs: 1, ...(fromBands && { fromBands }) },
      // So slow that weights stay where they began.
      set: { width: 16, layers: 2, dimension: 16, projectorWidth: 32, tilesPerEpoch: 64, learningRate: 1e-6 },
    },
    sources: [{ scene: name, files: [file], sensor: null, date: null }],
    regions: [],
    fields: [],
    fromEncoder: from,
    resumeFolder: null,
  };
  await pretrain(
    job,
    {
      id: name,
      folder: own,
      signal: new AbortController().signal,
      progress: () => {},
      event: (kind, data) => void (kind === 'warning' && warnings.push(String(data))),
    },
    engine,
  );
  const path = join(own, 'encoder.safetensors');
  return { path, warnings, ...readEncoderFile(path) };
}
type Ran = Awaited<ReturnType<typeof run>>;

/** Weights of the first convolution that read one band, [tap · output]. */
function weightsOf({ weights }: Ran, band: number): number[] {
  const { shape, data } = must(weights['conv1/w'], 'conv1/w');
  const [, , bands = 1, out = 1] = shape;
  return Array.from(data).filter((_, i) => Math.floor(i / out) % bands === band);
}

test.skipIf(!isReady)(
  'eight bands go on as four, in order or as told, and four as eight (skipped without GDAL or data)',
  async () => {
    const subset = (name: string, bands: number[]) => {
      const file = join(folder, `${name}.tif`);
      execFileSync('gdal_translate', ['-q', ...bands.flatMap((b) => ['-b', String(b)]), inn, file]);
      return file;
    };
    const whole = await run('whole', inn, null);
    const second = subset('second', [5, 6, 7, 8]);
    const ordered = await run('ordered', second, whole.path);
    expect(ordered.record.normalisation.bands).toHaveLength(4);
    expect(ordered.warnings.join()).toContain('taken in order');
    const told = await run('told', second, whole.path, [5, 6, 7, 8]);
    expect(told.warnings.join()).toContain('continue the bands 5, 6, 7, 8');
    // Half the bands, twice the weight: what reaches the next layer keeps its size.
    const twice = (ran: Ran, band: number) => weightsOf(ran, band).map((w) => 2 * w);
    for (let band = 0; band < 4; band++) {
      expectClose(weightsOf(ordered, band), twice(whole, band), { abs: 2e-4 });
      expectClose(weightsOf(told, band), twice(whole, band + 4), { abs: 2e-4 });
    }
    expect(weightsOf(told, 0)).not.toEqual(weightsOf(ordered, 0));
    // The other layers travel as they are, and the mean of the known bands stands in for one never seen.
    const wider = await run('wider', inn, told.path, [1, 2, 3, 4, 0, 0, 0, 0]);
    const mean = weightsOf(told, 0).map((_, i) => {
      const all = [0, 1, 2, 3].map((band) => weightsOf(told, band)[i] ?? 0);
      return all.reduce((a, b) => a + b) / 4;
    });
    expectClose(
      weightsOf(wider, 7),
      mean.map((w) => w / 2),
      { abs: 2e-4 },
    );
    expectClose(
      [...must(wider.weights['conv2/w'], 'conv2/w').data],
      [...must(whole.weights['conv2/w'], 'conv2/w').data],
      { abs: 4e-4 },
    );
    await expect(run('wrong', second, whole.path, [5, 6, 7, 9])).rejects.toMatchObject({
      code: 'usage',
      remedy: expect.stringContaining('1 to 8'),
    });
  },
);
