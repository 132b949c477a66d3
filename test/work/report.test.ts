import { describe, expect, it } from 'vitest';
import type { AssessResult } from '../../electron/contract/run.ts';
import { encodePalettePng } from '../../electron/work/png.ts';
import { renderReport } from '../../electron/work/report.ts';

const hostile = '<script>alert("x")</script>&\'';
const result: AssessResult = {
  assessment: 'a1',
  oa: 0.9,
  kappa: 0.8,
  macroF1: 0.85,
  codes: [1, 2],
  confusion: [
    [90, 7],
    [3, 0],
  ],
  classes: [
    {
      code: 1,
      name: hostile,
      users: 0.93,
      producers: 0.97,
      f1: 0.95,
      area: 12.5,
      areaCi: null,
      mappedArea: 13,
      reference: 93,
    },
    {
      code: 2,
      name: 'b',
      users: 0,
      producers: null,
      f1: null,
      area: null,
      areaCi: null,
      mappedArea: 4,
      reference: 7,
    },
  ],
  areaUnit: 'ha',
  kind: 'transfer estimate',
  protocol: `${hostile} held-out fields`,
  pixels: 100,
  report: null,
};
const classes = [{ code: 1, name: hostile, color: '"/><script>', key: null }];
const html = renderReport({
  title: hostile,
  result,
  classes,
  intervals: null,
  thumbnail: encodePalettePng(new Uint8Array([1]), 1, 1, [
    [0, 0, 0, 0],
    [1, 2, 3, 255],
  ]),
  notes: [hostile],
  calibration: {
    temperature: 2.5,
    fields: 9,
    error: { before: 0.12, after: 0.03 },
    bins: {
      before: [{ from: 0, to: 1, count: 1234, confidence: 0.9, accuracy: 0.78 }],
      after: [{ from: 0, to: 1, count: 1234, confidence: 0.81, accuracy: 0.78 }],
    },
  },
  facts: { [hostile]: hostile },
});

describe('the report', () => {
  it('escapes every name, note and fact', () => {
    expect(html).not.toContain('<script');
    expect(html).not.toContain('"/>');
    expect(html.match(/&#60;script&#62;/g)?.length).toBeGreaterThanOrEqual(8);
  });
  it('says how far the confidence can be believed', () => {
    expect(html).toContain('off by 12.0 points');
    expect(html).toContain('by 3.0 points');
    expect(html).toContain('cx="178.2" cy="48.4"');
  });
  it('needs nothing from outside', () => {
    const links = [...html.matchAll(/(?:src|href|url)\s*[=(]\s*["']?([^"')\s>]+)/gi)].map((m) => m[1] ?? '');
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith('data:'))).toEqual([]);
    expect(html).not.toMatch(/https?:/);
  });
  it('spells out the axes and shows what is unknown as unknown', () => {
    expect(html).toContain('Rows: what the <b>map</b> says. Columns: what the <b>reference</b> says.');
    expect(html).not.toMatch(/NaN|undefined|null %/);
    expect(html).toContain('<td>–</td>');
  });
  it('does not call a transfer estimate map accuracy', () => {
    expect(html).toContain('Transfer estimate');
    expect(html).not.toMatch(/<p class="kind">Map accuracy/);
  });
});
