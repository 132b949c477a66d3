import { describe, expect, it } from 'vitest';
import { sensorCard } from '../../electron/contract/catalog/sensors.ts';
import { composites } from '../../electron/services/composites.ts';

const bandsOf = (sensor: string) =>
  (sensorCard(sensor)?.bands ?? []).map(({ role }, i) => ({ index: i + 1, role }));
const unknown = (count: number) => Array.from({ length: count }, (_, i) => ({ index: i + 1, role: null }));

describe('composites', () => {
  it('shows Sentinel-2 in true colour first', () => {
    expect(composites(bandsOf('sentinel-2-l2a'))[0]).toMatchObject({ id: 'true', bands: [4, 3, 2] });
    expect(composites(bandsOf('sentinel-2-l2a'))[1]).toMatchObject({ id: 'false', bands: [8, 4, 3] });
  });

  it('shows the powers of polarimetric radar, double bounce red, volume green, surface blue', () => {
    expect(composites(bandsOf('polsar-t3'))[0]).toMatchObject({ id: 'pauli', bands: [2, 3, 1] });
  });

  it('has something for bands that nothing is known of', () => {
    expect(composites(unknown(5))[0]?.bands).toEqual([1, 2, 3]);
    expect(composites(unknown(2))[0]?.bands).toEqual([1, 1, 1]);
    expect(composites(unknown(1))).toEqual([{ id: 'grey', name: 'Band 1, grey', bands: [1, 1, 1] }]);
  });

  it('spreads over the range of a hyperspectral scene', () => {
    expect(composites(unknown(200))[0]?.bands).toEqual([150, 100, 50]);
  });
});
