import { describe, expect, it } from 'vitest';
import { refusals } from '../../electron/raster/refusal.ts';
import { type Row, robustnessTable, sharedFolder } from './robustness/table.ts';

const rows: Row[] = await robustnessTable();
if (rows.length === 0) console.log(`skipped: the robustness suite is not at ${sharedFolder}`);

describe.skipIf(rows.length === 0)('the robustness suite', () => {
  it('never crashes, hangs or differs from what GDAL reads', () => {
    const bad = rows.filter((row) => row.outcome !== 'equal' && row.outcome !== 'refused');
    expect(bad.map((row) => `${row.file}: ${row.outcome} ${row.detail}`)).toEqual([]);
  });

  it('refuses with a reason of the closed list', () => {
    const known = new Set<string>(refusals);
    const refused = rows.filter((row) => row.outcome === 'refused');
    expect(refused.filter((row) => !known.has(row.ours.reason ?? '')).map((row) => row.file)).toEqual([]);
  });

  it('reads at least 95 % of the GeoTIFFs that GDAL reads', () => {
    const readable = rows.filter((row) => row.gdal.driver === 'GTiff' && !row.gdal.error);
    const equal = readable.filter((row) => row.outcome === 'equal');
    expect(equal.length / readable.length).toBeGreaterThanOrEqual(0.95);
  });

  it('answers each within five seconds and one gibibyte', () => {
    expect(Math.max(...rows.map((row) => row.ours.milliseconds))).toBeLessThan(5000);
    expect(Math.max(...rows.map((row) => row.ours.peakMiB))).toBeLessThan(1024);
  });
});
