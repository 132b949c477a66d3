import { expect, test } from 'vitest';
import { scaleDenominator, unitsOf } from '../../../renderer/state/coordinates.ts';
import { scaleBar } from '../../../renderer/state/scaleBar.ts';

const wkt = (text: string) => ({ epsg: null, name: null, wkt: text });

test('units come from the kind of CRS', () => {
  expect(unitsOf(null)).toBe('pixels');
  expect(unitsOf({ epsg: 4326, name: null, wkt: null })).toBe('degrees');
  expect(unitsOf({ epsg: 32633, name: null, wkt: null })).toBe('m');
  expect(unitsOf(wkt('GEOGCS["WGS 84",DATUM["x"]]'))).toBe('degrees');
  expect(unitsOf(wkt('PROJCS["UTM",GEOGCS["WGS 84"]]'))).toBe('m');
});

test('one pixel of 96 dpi on 10 m ground is 1 : 37 795', () => {
  expect(scaleDenominator(10, 'm')).toBeCloseTo(37_795.28, 1);
  expect(scaleDenominator(10, 'pixels')).toBeUndefined();
});

test('the scale bar is a round length that fits', () => {
  expect(scaleBar(10, 'm', 0)).toEqual({ pixels: 100, label: '1 km' });
  expect(scaleBar(0.5, 'pixels', 0)).toEqual({ pixels: 100, label: '50 px' });
});
