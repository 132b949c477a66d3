import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasPython } from '../support/python.ts';
import { robustnessTable } from './robustness/table.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-layouts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasPython('osgeo', 'numpy'))('layouts that no writer at hand makes', () => {
  it('hold for us the pixels that they hold for GDAL', async () => {
    const script = join(import.meta.dirname, 'robustness/makeLayouts.py');
    execFileSync('/usr/bin/python3', [script, folder, '400', '11']);
    const rows = await robustnessTable(folder);
    expect(rows).toHaveLength(400);
    const bad = rows.filter((row) => row.outcome !== 'equal' && row.outcome !== 'refused');
    expect(bad.map((row) => `${row.file}: ${row.outcome} ${row.detail}`)).toEqual([]);
    const readable = rows.filter((row) => !row.gdal.error);
    expect(readable.length).toBeGreaterThan(300);
    expect(readable.filter((row) => row.outcome !== 'equal').map((row) => row.file)).toEqual([]);
  });
});
