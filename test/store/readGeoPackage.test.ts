import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../electron/store/connect.ts';
import { readGeoPackage } from '../../electron/store/readGeoPackage.ts';
import { area } from '../../electron/vector/geometry.ts';
import { codeOf } from '../support/codeOf.ts';
import { gdal, hasGdal } from '../support/gdal.ts';
import { tmpFolder } from '../support/tmpProject.ts';

const slovenia = '../shared/data/slovenia/LULC.gpkg';
const fergana = '../shared/data/fergana/field_polygons_utm42n.gpkg';
for (const file of [slovenia, fergana]) if (!existsSync(file)) console.log(`skipped: ${file} is not here`);

const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('readGeoPackage', () => {
  it.skipIf(!existsSync(slovenia))(
    'reads the land use of Slovenia as GDAL does, without touching the file',
    () => {
      const folder = tmpFolder();
      const file = join(folder, 'LULC.gpkg');
      copyFileSync(slovenia, file);
      const before = hash(file);
      const layer = readGeoPackage(file);
      expect(layer).toMatchObject({ name: 'LULC', layers: ['LULC'] });
      expect(layer.crs.epsg).toBe(32633);
      expect(layer.fields).toEqual([
        { name: 'index', type: 'text' },
        { name: 'RABA_ID', type: 'integer' },
        { name: 'AREA', type: 'real' },
        { name: 'DATE', type: 'text' },
        { name: 'LULC_ID', type: 'integer' },
        { name: 'LULC_NAME', type: 'text' },
      ]);
      expect(layer.features).toHaveLength(88);
      expect(hash(file)).toBe(before);
      expect(readdirSync(folder)).toEqual(['LULC.gpkg']);
      if (!hasGdal) return;
      const sql = 'SELECT sum(st_area(geom)) AS total FROM LULC';
      const total = Number(
        /total \(Real\) = ([\d.e+]+)/.exec(
          gdal('ogrinfo', '-ro', '-q', '-dialect', 'sqlite', '-sql', sql, file),
        )?.[1],
      );
      const ours = layer.features.reduce(
        (sum, { geometry }) => sum + (geometry && geometry.type !== 'Point' ? area(geometry) : 0),
        0,
      );
      expect(Math.abs(ours - total) / total).toBeLessThan(1e-9);
    },
  );

  it.skipIf(!existsSync(fergana))('reads the fields of Fergana with their crops', () => {
    const { features, crs } = readGeoPackage(fergana);
    expect(crs.epsg).toBe(32642);
    const crops = features.map(({ properties }) => properties.crop);
    const count = (crop: string) => crops.filter((c) => c === crop).length;
    expect([count('wheat'), count('cotton'), crops.length]).toEqual([17, 14, 35]);
  });

  it.skipIf(!hasGdal)(
    'reads a file in WAL mode through a copy, with what lies in the log, and leaves it alone',
    () => {
      const folder = tmpFolder();
      const file = join(folder, 'live.gpkg');
      const source = join(folder, 'a.geojson');
      const point =
        '{"type":"Feature","properties":{"n":1},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}';
      writeFileSync(source, `{"type":"FeatureCollection","features":[${point}]}`);
      gdal('ogr2ogr', '-f', 'GPKG', file, source, '-nln', 'a');
      const writer = connect(file, { readonly: false });
      writer.pragma('journal_mode = WAL');
      writer.run('INSERT INTO a (geom, n) SELECT geom, 2 FROM a');
      const before = [hash(file), hash(`${file}-wal`)];
      expect(readGeoPackage(file).features.map(({ properties }) => properties.n)).toEqual([1, 2]);
      expect([hash(file), hash(`${file}-wal`)]).toEqual(before);
      writer.close();
    },
  );

  it('refuses what is not a GeoPackage', () => {
    const folder = tmpFolder();
    const file = join(folder, 'x.gpkg');
    writeFileSync(file, 'not a database'.repeat(20));
    expect(codeOf(() => readGeoPackage(file))).toBe('bad-input');
    expect(codeOf(() => readGeoPackage(join(folder, 'none.gpkg')))).toBe('not-found');
    const plain = join(folder, 'plain.gpkg');
    const db = connect(plain, { readonly: false, create: true });
    db.script('CREATE TABLE t (x)');
    db.close();
    expect(codeOf(() => readGeoPackage(plain))).toBe('bad-input');
  });
});
