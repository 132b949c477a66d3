import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';
import { swath } from './support.ts';

const isRoot = process.getuid?.() === 0;
if (isRoot) console.log('skipped: root may write everywhere, so a read-only folder cannot be tried');

interface Failure {
  readonly error: { code: string; message: string; subject: string | null; remedy: string | null };
}

const ramp = (col: number, row: number) => col + 100 * row;

describe('the command line', () => {
  it('makes a project, adds a scene, lists runs, each as one JSON document', async () => {
    const cwd = tmpFolder();
    const appData = join(cwd, 'data');
    await writeRaster(join(cwd, 'a.tif'), { width: 40, height: 30, nodata: 0 }, ramp);
    const made = await swath(['new', 'P', '--name', 'Farm', '--json'], { cwd, appData });
    expect(made).toMatchObject({ code: 0, json: { project: join(cwd, 'P'), name: 'Farm' } });
    const added = await swath(['scene', 'add', 'P', 'a.tif', '--date', '2026-06-01', '--json'], {
      cwd,
      appData,
    });
    expect(added.code).toBe(0);
    expect(added.json).toMatchObject({
      scene: 'a',
      width: 40,
      height: 30,
      crs: null,
      geotransform: null,
      bands: [{ index: 1, dtype: 'float32', nodata: 0, min: 1, max: 2939, valid: 1199 / 1200 }],
    });
    // Progress and logs are not in the way of the document.
    expect(added.stdout.trim().split('\n')).toHaveLength(1);
    const runs = await swath(['runs', 'P', '--json'], { cwd, appData });
    expect(runs.json).toMatchObject([{ kind: 'statistics', state: 'done', method: null, reason: null }]);
    const people = await swath(['runs', 'P'], { cwd, appData });
    expect(people.stdout).toContain('statistics');
    expect(readdirSync(cwd).sort()).toEqual(['P', 'a.tif', 'data']);
  });

  it('tells about a file without a project', async () => {
    const cwd = tmpFolder();
    await writeRaster(
      join(cwd, 'a.tif'),
      { width: 4, height: 3, dtype: 'int16', bands: 2 },
      (c, r, b) => b * (c + r),
    );
    const { code, json } = await swath(['scene', 'info', 'a.tif', '--json'], { cwd });
    expect(code).toBe(0);
    expect(json).toMatchObject({
      scene: null,
      width: 4,
      height: 3,
      bands: [
        { max: 5, mean: 2.5 },
        { max: 10, mean: 5 },
      ],
    });
    expect(readdirSync(cwd)).toEqual(['a.tif']);
  });

  it('ends with 2 and the way out when the words are wrong', async () => {
    const cwd = tmpFolder();
    const wrong = [
      [['pretrain', 'P', '--method', 'dino', '--json'], 'dino', 'vicreg'],
      [['frobnicate', '--json'], 'frobnicate', 'scene add'],
      [['scene', '--json'], 'scene', 'scene info'],
      [['labels', 'import', 'P', 'f.tif', '--json'], '--class-field', 'value'],
      [['runs', '--json'], 'missing', 'swath runs DIR'],
      [['runs', 'P', 'Q', '--json'], "'Q'", 'swath runs DIR'],
      [['map', 'P', '--modle', 'x', '--json'], '--modle', 'swath map'],
      [['train', 'P', '--encoder', 'none', '--per-class', 'ten', '--json'], 'ten', 'swath train'],
    ] as const;
    for (const [words, message, remedy] of wrong) {
      const ended = await swath(words, { cwd });
      expect(ended.code, words.join(' ')).toBe(2);
      const { error } = ended.json as Failure;
      expect(error.code).toBe('usage');
      expect(error.message).toContain(message);
      expect(error.remedy).toContain(remedy);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('helps, in general and per command', async () => {
    const general = await swath(['--help']);
    expect(general.code).toBe(0);
    expect(general.stdout).toContain('labels import');
    const one = await swath(['pretrain', '--help']);
    expect(one.stdout).toContain('--resume RUN');
    expect(one.stdout).toContain('barlow-twins');
  });

  it('ends with 1, names the file, and leaves nothing when a scene cannot be read', async () => {
    const cwd = tmpFolder();
    const appData = join(cwd, 'data');
    await swath(['new', 'P'], { cwd, appData });
    writeFileSync(join(cwd, 'text.tif'), 'not a raster');
    const noise = (c: number, r: number) => Math.sin(c * 12.9898 + r * 78.233) * 43758.5453;
    const cut = await writeRaster(join(cwd, 'cut.tif'), { width: 300, height: 300 }, noise);
    truncateSync(cut, readFileSync(cut).length - 9000);
    for (const name of ['text.tif', 'cut.tif', 'missing.tif']) {
      const ended = await swath(['scene', 'add', 'P', name, '--json'], { cwd, appData });
      expect(ended.code, name).toBe(1);
      const { error } = ended.json as Failure;
      expect(`${error.message} ${error.subject ?? ''}`).toContain(join(cwd, name));
      expect(error.remedy).toBeTruthy();
    }
    const info = await swath(['scene', 'info', 'P', 'text', '--json'], { cwd, appData });
    expect((info.json as Failure).error.message).toBe('There is no scene text');
  });

  it('is cancelled by Ctrl-C with 130, and the project stays whole', async () => {
    const cwd = tmpFolder();
    const appData = join(cwd, 'data');
    const pixels = (c: number, r: number) => Math.sin(c / 5) + Math.cos(r / 7);
    await writeRaster(join(cwd, 'a.tif'), { width: 200, height: 200, bands: 3 }, pixels);
    await swath(['new', 'P'], { cwd, appData });
    await swath(['scene', 'add', 'P', 'a.tif'], { cwd, appData });
    let asked = 0;
    const ended = await swath(['pretrain', 'P', '--method', 'vicreg', '--epochs', '50', '--json'], {
      cwd,
      appData,
      during(stderr, kill) {
        if (asked > 0 || !/pre(pare|train) ·/.test(stderr)) return;
        asked = performance.now();
        kill('SIGINT');
      },
    });
    const took = performance.now() - asked;
    expect(ended.code).toBe(130);
    expect((ended.json as Failure).error.code).toBe('cancelled');
    // A second for the cancel, the rest for a loaded machine to close the database and end.
    expect(took).toBeLessThan(4000);
    const runs = await swath(['runs', 'P', '--json'], { cwd, appData });
    expect(runs.json).toMatchObject([{ kind: 'pretrain', state: 'cancelled' }, { kind: 'statistics' }]);
    expect(existsSync(join(cwd, 'P', 'project.lock'))).toBe(false);
  });

  it('killed in the middle leaves a project that opens and shows the run as interrupted', async () => {
    const cwd = tmpFolder();
    const appData = join(cwd, 'data');
    const pixels = (c: number, r: number) => Math.sin(c / 5) + Math.cos(r / 7);
    await writeRaster(join(cwd, 'a.tif'), { width: 200, height: 200, bands: 3 }, pixels);
    await swath(['new', 'P'], { cwd, appData });
    await swath(['scene', 'add', 'P', 'a.tif'], { cwd, appData });
    await swath(['pretrain', 'P', '--method', 'simsiam', '--epochs', '50'], {
      cwd,
      appData,
      during(stderr, kill) {
        if (/pre(pare|train) ·/.test(stderr)) kill('SIGKILL');
      },
    });
    const runs = await swath(['runs', 'P', '--json'], { cwd, appData });
    expect(runs).toMatchObject({
      code: 0,
      json: [{ kind: 'pretrain', state: 'interrupted', method: 'simsiam' }, {}],
    });
    const [run] = runs.json as { reason: string }[];
    expect(run?.reason).toContain('while it ran');
  });

  it.skipIf(isRoot)('cannot make a project in a folder that may not be written', async () => {
    const folder = join(tmpFolder(), 'locked');
    mkdirSync(folder, { mode: 0o500 });
    const { code, json } = await swath(['new', join(folder, 'P'), '--json'], { appData: tmpFolder() });
    expect(code).toBe(1);
    expect((json as Failure).error).toMatchObject({ code: 'read-only' });
    expect(readdirSync(folder)).toEqual([]);
  });
});
