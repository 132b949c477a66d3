import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BenchReport } from '../../electron/hosts/cli/bench.ts';
import type { CheckReport } from '../../electron/store/check.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { writeRaster } from '../support/writeRaster.ts';
import { swath } from './support.ts';

describe('swath bench', () => {
  it('measures a case in a process of its own', async () => {
    const { code, json } = await swath(['bench', '--case', 'resnet18-w16-b128', '--profile', '--json']);
    expect(code).toBe(0);
    const { machine, cases } = json as BenchReport;
    expect(machine.cores).toBeGreaterThan(0);
    expect(cases).toHaveLength(1);
    const [found] = cases;
    expect(found).toMatchObject({ name: 'resnet18-w16-b128', device: 'cpu', shareOfEngine: null });
    // Known from the architecture: 3 · 128 · 0.0727 GFLOP a step, whatever the machine.
    expect((found?.gflops ?? 0) / (found?.tilesPerSecond ?? 1)).toBeCloseTo(0.218, 2);
    expect(found?.shareOfMatmul).toBeGreaterThan(0);
    const profile = found?.profile ?? [];
    expect(profile.map(({ op }) => op)).toContain('Conv');
    expect(profile.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(found?.peakRssBytes).toBeGreaterThan(100 * 2 ** 20);
  });

  it('knows its cases', async () => {
    const { code, json } = await swath(['bench', '--case', 'resnet50', '--json']);
    expect(code).toBe(2);
    expect(json).toMatchObject({ error: { code: 'usage', subject: 'resnet50' } });
  });
});

describe('swath check', () => {
  it('says that all is well, and names the raster that is gone', async () => {
    const cwd = tmpFolder();
    const appData = join(cwd, 'data');
    const file = await writeRaster(join(cwd, 'a.tif'), { width: 8, height: 8 }, (c, r) => c + r);
    await swath(['new', 'P'], { cwd, appData });
    await swath(['scene', 'add', 'P', 'a.tif'], { cwd, appData });
    const well = await swath(['check', 'P', '--json'], { cwd, appData });
    expect(well.json).toMatchObject({ ok: true, findings: [] });
    // Another content of the same size is not what was added.
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 0x55;
    writeFileSync(file, bytes);
    const other = (await swath(['check', 'P', '--json'], { cwd, appData })).json as CheckReport;
    expect(other.ok).toBe(false);
    expect(other.findings.map(({ problem }) => problem)).toEqual([
      expect.stringContaining('not the file that was added'),
    ]);
    rmSync(file);
    const { ok, findings } = (await swath(['check', 'P', '--json'], { cwd, appData })).json as CheckReport;
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ subject: file, problem: 'is missing (scene a)', repaired: false }]);
  });
});
