/** Fine-tuning from a random encoder to a map, and the figure that training and map agree on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { buildEncoder } from '../../electron/compute/encoders/encoder.ts';
import { type EncoderRecord, encoderRecordSchema } from '../../electron/contract/encoder.ts';
import { type PixelField, runFiles, type TrainJob } from '../../electron/contract/jobs.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { JobContext } from '../../electron/jobs/protocol.ts';
import { assessMap } from '../../electron/work/assess.ts';
import { writeEncoderFile } from '../../electron/work/encoderFile.ts';
import { mapScene } from '../../electron/work/map.ts';
import { readModelFile } from '../../electron/work/modelFile.ts';
import { trainModel } from '../../electron/work/train.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-finetune-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const engine = createEngine();
const settings = { width: 8, dimension: 8 };
const scene = join(folder, 'scene.tif');
const source = { scene: 's', files: [scene], sensor: null, date: null };
const classes = [1, 2, 3].map((code) => ({ code, name: `class ${code}`, color: '#888888', key: null }));
const size = 96;
/** Columns of 24 pixels: classes 1 and 2 in turn; the last column's lower half is a single field of class 3. */
const classAt = (col: number, row: number) => (col >= 72 && row >= 48 ? 3 : 1 + (Math.floor(col / 24) % 2));

function context(name: string): JobContext {
  const made = mkdtempSync(join(folder, `${name}-`));
  return {
    id: name,
    folder: made,
    signal: new AbortController().signal,
    progress: () => {},
    event: () => {},
  };
}

function field(id: string, col: number, row: number): PixelField {
  const ring = [
    [col, row],
    [col + 20, row],
    [col + 20, row + 20],
    [col, row + 20],
  ] as const;
  return { id, scene: 's', classCode: classAt(col + 10, row + 10), role: 'train', polygons: [[ring]] };
}
const fields = [0, 24, 48, 72].flatMap((col) =>
  [0, 24, 48].map((row) => field(`${col}-${row}`, col + 2, row + 2)),
);
const oneOfThree = fields.filter((f) => f.classCode !== 3 || f.id === '72-48');

async function trained(head: TrainJob['params']['head']) {
  const prng = prngFrom(2);
  await writeRaster(scene, { width: size, height: size, bands: 2 }, (col, row, band) => {
    const level = [0.3, 0.6, 0.9][classAt(col, row) - 1] ?? 0;
    return (band === 1 ? level : 1 - level) + 0.25 * prng.normal();
  });
  const encoder = buildEncoder('dense', 2, settings);
  const encoderFile = join(folder, 'encoder.safetensors');
  const band = { name: null, wavelengthNm: null, transform: { kind: 'linear' }, mean: 0.5, std: 0.3 };
  const record = encoderRecordSchema.parse({
    format: 1,
    run: 'r',
    method: 'vicreg',
    encoder: 'dense',
    settings,
    dimension: encoder.dim,
    stride: encoder.stride,
    receptiveField: encoder.receptiveField,
    halo: encoder.halo,
    tile: 12,
    steps: 1,
    appVersion: '0',
    normalisation: { version: 1, sensor: null, bands: [band, band], robust: false, samples: 1 },
    scenes: ['s'],
    seed: 0,
  }) satisfies EncoderRecord;
  writeEncoderFile(encoderFile, { record, weights: encoder.init(prngFrom(3)) });
  const made = context(head);
  const job: TrainJob = {
    kind: 'train',
    params: { encoder: 'r', head, set: {}, perClass: 20, seed: 0, device: 'cpu' },
    source,
    encoderFile,
    fields: oneOfThree,
    classes,
    model: 'm',
  };
  return { result: await trainModel(job, made, engine), model: join(made.folder, runFiles.model), encoder };
}

describe('fine-tuning', () => {
  it('changes the encoder, keeps held-out fields apart, and is mapped like any model', async () => {
    const frozen = await trained('linear');
    const { result, model } = await trained('finetune');
    const [before, after] = [readModelFile(frozen.model), readModelFile(model)];
    expect(Object.keys(after.encoder).sort()).toEqual(Object.keys(before.encoder).sort());
    expect(after.encoder).not.toEqual(before.encoder);
    expect(result.transferEstimate?.oa).toBeGreaterThan(0.9);

    // The class with one field is in neither model nor estimate, so both figures are of one model and one question.
    expect(result.labels.map((l) => l.code)).toEqual([1, 2]);
    expect(result.transferNote).toContain('codes 3');
    const out = join(folder, 'map.tif');
    await mapScene(
      {
        kind: 'map',
        params: { model: 'm', layers: [], fields: false, device: 'cpu' },
        map: 'map',
        source,
        modelFile: model,
        region: null,
        out,
        confidence: null,
        layers: [],
        sieved: null,
        fields: null,
        classes,
        unfinished: join(folder, 'unfinished'),
      },
      context('map'),
      engine,
    );
    const held = fields.filter((f) => result.heldOut.includes(f.id));
    const assessed = await assessMap(
      {
        kind: 'assess',
        assessment: 'a',
        mapFile: out,
        reference: { from: 'fields', fields: held },
        protocol: 'Held-out fields.',
        probabilitySample: false,
        classes,
        reportFile: join(folder, 'report.html'),
        calibration: null,
        taughtOn: null,
        facts: {},
      },
      context('assess'),
    );
    expect(assessed.pixels).toBe(result.transferEstimate?.testPixels);
    // Rounding may turn a pixel on the border between two classes.
    expect(Math.abs(assessed.oa - (result.transferEstimate?.oa ?? 0))).toBeLessThan(0.002);
    expect(Math.abs(assessed.macroF1 - (result.transferEstimate?.macroF1 ?? 0))).toBeLessThan(0.002);
  });
});
