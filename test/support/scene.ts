import type { Scene } from '../../electron/contract/scene.ts';

/** A scene as a project records it; its file does not exist. */
export const scene: Scene = {
  id: 'inn',
  name: 'Inn',
  files: [{ path: '../inn.tif', bytes: 12, fingerprint: 'abc', status: 'ok' }],
  date: '2026-05-01',
  sensor: 'sentinel-2-l2a',
  width: 578,
  height: 379,
  bands: [{ index: 1, name: 'red', dtype: 'uint16', nodata: 0, role: 'red', wavelengthNm: 665 }],
  crs: { epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: null },
  geotransform: [400000, 10, 0, 5300000, 0, -10],
  extent: [400000, 5296210, 405780, 5300000],
  resolution: [10, 10],
  statistics: null,
  composites: [{ id: 'rgb', name: 'Colours', bands: [1, 1, 1] }],
  added: '2026-11-23T10:00:00Z',
};
