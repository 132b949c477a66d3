import LineString from 'ol/geom/LineString.js';
import { expect, test } from 'vitest';
import { measure } from '../../../renderer/map/measure.ts';
import { createProjection } from '../../../renderer/map/projection.ts';

test('in a plane, lengths and areas are those of the plane', () => {
  const corner = new LineString([
    [500_000, 5_300_000],
    [500_300, 5_300_000],
    [500_300, 5_300_400],
  ]);
  expect(measure(corner, createProjection('m'))).toEqual({ length: 700, area: 60_000 });
  const line = new LineString([
    [0, 0],
    [3, -4],
  ]);
  expect(measure(line, createProjection('pixels'))).toEqual({ length: 5, area: null });
});

test('in degrees, they are metres on the sphere', () => {
  const radius = 6_371_008.8;
  const degree = (Math.PI / 180) * radius;
  const north = new LineString([
    [5, 52],
    [5, 53],
  ]);
  expect(Math.abs(measure(north, createProjection('degrees')).length / degree - 1)).toBeLessThan(1e-9);
  // A thousandth of a degree at 60° north: as wide as half of it is high.
  const small = measure(
    new LineString([
      [10, 60],
      [10.001, 60],
      [10.001, 60.001],
      [10, 60.001],
    ]),
    createProjection('degrees'),
  );
  const expected = (degree / 1000) ** 2 * Math.cos((60.0005 * Math.PI) / 180);
  expect(Math.abs((small.area ?? 0) / expected - 1)).toBeLessThan(1e-4);
});
