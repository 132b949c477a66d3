/**
 * Every method's standard run on one scene, through the body of the real job: is the trained encoder better than the
 * one it began as? Prints a table in Markdown; `README.md` beside this file says how to call it.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { must } from '../../electron/base/assert.ts';
import { AppError, isAppError } from '../../electron/base/errors.ts';
import { type MethodId, methodIds } from '../../electron/contract/catalog/ids.ts';
import type { PixelField, PretrainJob } from '../../electron/contract/jobs.ts';
import { pretrainSchema } from '../../electron/contract/methods.ts';
import type { MetricRow } from '../../electron/contract/run.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { parseSettings } from '../../electron/hosts/cli/arguments.ts';
import { openRaster } from '../../electron/raster/open.ts';
import { polygonize } from '../../electron/vector/polygonize.ts';
import { pretrain } from '../../electron/work/pretrain.ts';

const usage =
  'node_modules/.bin/node test/bench/methods.ts SCENE [--labels CLASSES.tif] [--sensor ID] [--methods a,b] [--encoder ID] [--epochs N] [--minutes M] [--seed N] [--device auto|cpu] [--set key=value]…';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: 'string' },
    sensor: { type: 'string' },
    methods: { type: 'string', default: methodIds.join(',') },
    encoder: { type: 'string', default: 'dense' },
    epochs: { type: 'string', default: '10' },
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '0' },
    device: { type: 'string', default: 'auto' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [given] = positionals;
if (given === undefined || !existsSync(given)) {
  console.error(`Usage: ${usage}`);
  process.exit(2);
}
const scene = resolve(given);
const beside = join(dirname(scene), 'labels_uint8.tif');
const labels = values.labels ?? (existsSync(beside) ? beside : null);

/** A field has at least 50 pixels, as in the protocol of the accuracy figures. */
const leastPixels = 50;

async function fieldsOf(file: string): Promise<PixelField[]> {
  const reader = await openRaster(file);
  const { width, height } = reader.info;
  const { bands } = await reader.readWindow({ col: 0, row: 0, width, height }, [1]);
  await reader.dispose();
  return polygonize(must(bands[0], 'codes'), width, height, 0)
    .filter(({ pixels }) => pixels >= leastPixels)
    .map(({ value, geometry }, i) => ({
      ...{ id: `f${i}`, scene: 'scene', classCode: value, role: 'train' as const },
      polygons: [geometry.coordinates.map((ring) => ring.map(([x = 0, y = 0]) => [x, y] as const))],
    }));
}

interface Ran {
  readonly untrained: MetricRow;
  readonly trained: MetricRow;
  readonly rate: number;
  readonly collapse: string;
  readonly device: string;
}

/** One run; after its minutes it is cancelled, and the last look at it counts. */
async function run(method: MethodId, fields: readonly PixelField[]): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'swath-bench-'));
  const rows: MetricRow[] = [];
  const said = { rate: 0, device: '', collapse: 'none' };
  const controller = new AbortController();
  const stop = () => controller.abort(new AppError('cancelled', 'The minutes are over'));
  const timer = setTimeout(stop, 60_000 * Number(values.minutes));
  const job: PretrainJob = {
    kind: 'pretrain',
    params: pretrainSchema.parse({
      ...{ method, encoder: values.encoder, seed: Number(values.seed), device: values.device },
      ...{ epochs: Number(values.epochs), set: parseSettings(values.set) },
    }),
    sources: [{ scene: 'scene', files: [scene], sensor: values.sensor ?? null, date: null }],
    ...{ regions: [], fields, fromEncoder: null, resumeFolder: null },
  };
  try {
    const result = await pretrain(
      job,
      {
        ...{ id: method, folder, signal: controller.signal },
        progress: ({ rate }) => {
          if (rate !== null) said.rate = rate;
        },
        event(name, data) {
          if (name === 'metrics') rows.push(...(data as MetricRow[]));
          if (name === 'device') said.device = (data as { device: string }).device;
          if (name === 'warning') {
            console.error(`${method}: ${data}`);
            said.collapse = /^Collapse \((\w+)\)/.exec(String(data))?.[1] ?? said.collapse;
          }
        },
      },
      createEngine(),
    );
    said.collapse = result.collapse;
    said.rate = result.tilesPerSecond;
  } catch (error) {
    if (!isAppError(error, 'cancelled')) throw error;
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true });
  }
  const looks = rows.filter((row) => row.rankMe !== undefined);
  return { untrained: must(looks[0], 'look'), trained: must(looks.at(-1), 'look'), ...said };
}

const figure = (row: MetricRow, name: string, digits: number) => row[name]?.toFixed(digits) ?? '–';
const change = ({ untrained, trained }: Ran, name: string, digits: number) =>
  `${figure(untrained, name, digits)} → ${figure(trained, name, digits)}`;

const fields = labels === null ? [] : await fieldsOf(labels);
console.error(`${scene}: ${fields.length} labelled fields, for kNN only`);
console.log(`### ${basename(dirname(scene))}/${basename(scene, extname(scene))}\n`);
console.log('| method | epochs | std of features | RankMe | kNN | std of z | tiles/s | device | collapse |');
console.log('|---|---|---|---|---|---|---|---|---|');
for (const name of values.methods.split(',')) {
  const method = must(
    methodIds.find((id) => id === name),
    `a method ${name}`,
  );
  const ran = await run(method, fields);
  const cells = [
    method,
    ran.trained.epoch,
    change(ran, 'hStd', 4),
    change(ran, 'rankMe', 1),
    change(ran, 'knn', 3),
    figure(ran.trained, 'zStd', 4),
    Math.round(ran.rate),
    ran.device,
    ran.collapse,
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
