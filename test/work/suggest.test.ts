/** Suggestions and samples on a scene whose truth is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { suggestSchema } from '../../electron/contract/guidance.ts';
import { type PixelField, runFiles, type SampleJob, type SuggestJob } from '../../electron/contract/jobs.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { JobContext } from '../../electron/jobs/protocol.ts';
import { chooseSpread } from '../../electron/work/chooseSpread.ts';
import { drawSample } from '../../electron/work/sample.ts';
import { suggest } from '../../electron/work/suggest.ts';
import { trainModel } from '../../electron/work/train.ts';
import { writeRaster } from '../support/writeRaster.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-suggest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const engine = createEngine();
const size = 160;
const side = 20;
/** Squares of classes 1 and 2; the right quarter is a crop that nobody has labelled. */
const classAt = (col: number, row: number) =>
  col >= 120 ? 3 : 1 + ((Math.floor(col / side) + Math.floor(row / side)) % 2);
const source = { scene: 's', files: [join(folder, 'scene.tif')], sensor: null, date: null };
const classes = [1, 2, 3].map((code) => ({ code, name: `crop ${code}`, color: '#888888', key: null }));
const transform = [1000, 10, 0, 5000, 0, -10] as const;

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

function field(col: number, row: number, classCode: number): PixelField {
  const [x, y] = [col * side + 2, row * side + 2];
  const ring = [
    [x, y],
    [x + 16, y],
    [x + 16, y + 16],
    [x, y + 16],
  ] as const;
  return { id: `${col}-${row}`, scene: 's', classCode, role: 'train', polygons: [[ring]] };
}
const labelled = [0, 1, 2].flatMap((col) =>
  [0, 1, 2, 3].map((row) => field(col, row, classAt(col * side, row * side))),
);
// One label is wrong.
const wrong = labelled.map((f) => (f.id === '1-2' ? { ...f, classCode: 3 - f.classCode } : f));

async function trained(fields: readonly PixelField[]): Promise<string> {
  const made = context('train');
  await trainModel(
    {
      kind: 'train',
      params: { encoder: 'none', head: 'linear', set: {}, seed: 0, device: 'cpu' },
      source,
      encoderFile: null,
      fields,
      classes,
      model: 'm',
    },
    made,
    engine,
  );
  return join(made.folder, runFiles.model);
}

beforeAll(async () => {
  const prng = prngFrom(6);
  await writeRaster(source.files[0] ?? '', { width: size, height: size, bands: 3 }, (col, row, band) => {
    const own = classAt(col, row);
    // The third crop lies between the two that are known in bands 1 and 2, and apart from both in band 3.
    const level = own === 3 ? [0.5, 0.5, 0.9][band - 1] : own === band ? 0.8 : 0.2;
    return (level ?? 0) + 0.05 * prng.normal();
  });
});

const job = async (changes: Partial<SuggestJob['params']>, fields = labelled): Promise<SuggestJob> => ({
  kind: 'suggest',
  params: { ...suggestSchema.parse({ model: 'm', device: 'cpu', count: 6, distance: 30 }), ...changes },
  source,
  modelFile: await trained(fields),
  labelled: fields,
  unlabelled: [field(4, 4, 0), field(6, 6, 0)],
  classes,
  transform,
});

describe('where to label next', () => {
  it('starts where nothing is labelled alike, and keeps its distance', async () => {
    const { suggestions, doubts } = await suggest(await job({}), context('points'), engine);
    expect(suggestions).toHaveLength(6);
    const at = suggestions.map(({ x, y }) => [(x - 1000) / 10, (5000 - y) / 10] as const);
    expect(at[0]?.[0]).toBeGreaterThan(120);
    expect(suggestions[0]?.reason).toContain('Nothing labelled resembles it');
    expect(suggestions[0]?.reason).toMatch(/Between crop \d \(\d+ %\) and crop \d/);
    for (const [i, [x, y]] of at.entries())
      for (const [u, v] of at.slice(i + 1)) expect(Math.hypot(x - u, y - v)).toBeGreaterThanOrEqual(30);
    expect(doubts).toEqual([]);
  });
  it('ranks fields without a class', async () => {
    const { suggestions } = await suggest(await job({ as: 'fields' }), context('fields'), engine);
    expect(suggestions.map((s) => s.field)).toEqual(['6-6', '4-4']);
  });
  it('doubts the one label that is wrong, with the reason', async () => {
    const { doubts } = await suggest(await job({ count: 1 }, wrong), context('doubts'), engine);
    expect(doubts.map((d) => d.field)).toEqual(['1-2']);
    expect(doubts[0]?.reason).toMatch(/Labelled crop \d, but a model that never saw this field says crop \d/);
  });
  it('prefers the diverse to the merely uncertain', () => {
    const at = (col: number, uncertainty: number, place: number) => ({
      col,
      row: 0,
      field: null,
      p: Float32Array.of(0.5, 0.5),
      place: Float32Array.of(place, 0),
      uncertainty,
    });
    // Two alike and most uncertain, one of another kind.
    const chosen = chooseSpread([at(0, 1, 0), at(100, 0.99, 0.01), at(200, 0.6, 1)], null, 2, 10);
    expect(chosen.map((c) => c.candidate.col)).toEqual([0, 200]);
  });
});

describe('a sample of a map', () => {
  const mapFile = join(folder, 'map.tif');
  const counts = [1, 2, 3].map((code) => {
    let pixels = 0;
    for (let i = 0; i < size * size; i++) if (classAt(i % size, Math.floor(i / size)) === code) pixels++;
    return { code, name: `crop ${code}`, pixels, count: 40 };
  });
  const sample = (seed: number, strata = counts): SampleJob => ({
    kind: 'sample',
    map: 'm',
    mapFile,
    design: { wanted: 120, total: 120, strata },
    seed,
    transform,
  });
  beforeAll(() =>
    writeRaster(mapFile, { width: size, height: size, dtype: 'uint8', content: 'classes' }, classAt),
  );

  it('draws distinct pixels of each class, the same for one seed and others for another', async () => {
    const { points } = await drawSample(sample(1), context('sample'));
    expect(points).toHaveLength(120);
    expect(new Set(points.map(({ x, y }) => `${x} ${y}`)).size).toBe(120);
    for (const { x, y, code } of points)
      expect(classAt(Math.floor((x - 1000) / 10), Math.floor((5000 - y) / 10))).toBe(code);
    expect((await drawSample(sample(1), context('again'))).points).toEqual(points);
    expect((await drawSample(sample(2), context('other'))).points).not.toEqual(points);
  });
  it('gives every pixel the same chance', async () => {
    let left = 0;
    for (let seed = 0; seed < 25; seed++)
      for (const { x, code } of (await drawSample(sample(seed), context('chance'))).points)
        if (code === 3 && x < 1000 + 10 * 140) left++;
    // Half of 1000 draws, with a standard deviation of 16.
    expect(Math.abs(left - 500)).toBeLessThan(70);
  });
  it('refuses a file that is not the map any more', async () => {
    const other = counts.map((c) => ({ ...c, pixels: c.pixels + 1 }));
    await expect(drawSample(sample(1, other), context('changed'))).rejects.toMatchObject({
      code: 'mismatch',
    });
  });
});
