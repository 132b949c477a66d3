import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DemoReport } from '../../electron/hosts/cli/demo.ts';
import { tmpFolder } from '../support/tmpProject.ts';
import { swath } from './support.ts';

it('shows that pretraining pays, within the memory of a laptop', { timeout: 30 * 60_000 }, async () => {
  const folder = tmpFolder();
  const { code, json } = await swath(['demo', join(folder, 'Demo.swath'), '--json'], {
    appData: join(folder, 'data'),
  });
  expect(code).toBe(0);
  const report = json as DemoReport;
  const [pretrained, raw] = report.results;
  expect(pretrained?.oa).toBeGreaterThan((raw?.oa ?? 1) + 0.1);
  expect(pretrained?.kappa).toBeGreaterThan(raw?.kappa ?? 1);
  expect(pretrained?.macroF1).toBeGreaterThan(raw?.macroF1 ?? 1);
  const oa = (features: string) =>
    Math.max(...report.curve.results.filter((r) => r.features === features).map((r) => r.oa.mean));
  const [encoder] = report.curve.results;
  expect(encoder?.oa.mean).toBeGreaterThan(Math.max(oa('raw'), oa('statistics')) + 0.03);
  expect(Math.max(...report.stages.map((stage) => stage.peakRssBytes))).toBeLessThan(2 * 2 ** 30);
  expect(existsSync(report.map) && existsSync(report.report ?? '')).toBe(true);
});
