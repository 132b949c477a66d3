import { expect, test } from 'vitest';
import type { MapLayer } from '../../../electron/contract/run.ts';
import { groupColors } from '../../../renderer/state/overlayColors.ts';
import { mapOverlays, seenOverlays } from '../../../renderer/state/overlays.ts';

const map = (layers: MapLayer['result']['layers']): MapLayer => ({
  id: 'm',
  model: 'x',
  scene: 's',
  stale: false,
  created: '',
  result: {
    map: 'm',
    out: '/m.tif',
    confidence: '/c.tif',
    layers: layers ?? [],
    width: 1,
    height: 1,
    seconds: 1,
    pixelsPerSecond: 1,
    peakRssBytes: 1,
    classes: [],
  },
});

test('a map shows the layers it was made with, and no other', () => {
  const shown = mapOverlays(
    map([
      { kind: 'unlike', file: '/u.tif' },
      { kind: 'entropy', file: '/e.tif' },
    ]),
  );
  expect(shown.map((o) => o.id)).toEqual(['map:m', 'confidence:m', 'entropy:m', 'unlike:m']);
  expect(shown.map((o) => o.tile(1, 2, 3))[2]).toBe('/bytes/maps/m/entropy/1/2/3');
});

test('likeness is a layer once a pixel was pointed at, and another pixel is another version', () => {
  expect(seenOverlays('r', { scene: 's' }, null).map((o) => o.kind)).toEqual(['colours', 'clusters']);
  const at = (col: number) => seenOverlays('r', { scene: 's' }, { col, row: 2 }).at(-1);
  expect(at(1)?.version).not.toBe(at(3)?.version);
  expect(at(1)?.tile(0, 0, 0)).toContain('col=1&row=2');
});

test('every group has a colour of its own', () => {
  expect(new Set(groupColors).size).toBe(32);
  expect(groupColors.every((c) => /^#[0-9a-f]{6}$/.test(c))).toBe(true);
});
