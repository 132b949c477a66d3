import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { saveClasses } from '../../electron/store/classes.ts';
import { writeGeoPackage } from '../../electron/store/exportLayer.ts';
import { fieldsLayer, regionsLayer, samplesLayer } from '../../electron/store/exportProject.ts';
import { addFields, changeFields, listFields } from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import { setProjectCrs } from '../../electron/store/project.ts';
import type { ProjectStore } from '../../electron/store/projectStore.ts';
import { readGeoPackage } from '../../electron/store/readGeoPackage.ts';
import { addRegions } from '../../electron/store/regions.ts';
import { addSamples } from '../../electron/store/samples.ts';
import { gdal, hasGdal } from '../support/gdal.ts';
import { newField, square } from '../support/labels.ts';
import { tmpFolder, tmpProject } from '../support/tmpProject.ts';

const utm33 = { epsg: 32633, name: 'WGS 84 / UTM zone 33N', wkt: null };

/** A project with something in every layer, closed. */
function filled(crs: typeof utm33 | null): ProjectStore {
  const store = tmpProject();
  store.gesture('Fill', (tx) => {
    saveClasses(tx, [{ code: 1, name: 'wheat', color: '#d4af37', key: null }]);
    addFields(tx, [newField(0), newField(100), { ...newField(200, null), note: 'Äcker' }], store.clock);
    addRegions(tx, [{ name: 'north', geometry: square(0, 0, 300), scene: null }], store.clock);
    addSamples(tx, [{ x: 5, y: 6, classCode: 1, mapClass: 1, role: null, note: null }], store.clock);
  });
  setProjectCrs(store.writable(), crs);
  store.dispose();
  return store;
}

interface OgrFeature {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

/** A layer as GDAL reads it. */
function throughGdal(file: string, layer: string): OgrFeature[] {
  const target = join(tmpFolder(), 'out.geojson');
  gdal('ogr2ogr', '-q', '-f', 'GeoJSON', '-t_srs', 'EPSG:32633', '-s_srs', 'EPSG:32633', target, file, layer);
  return (JSON.parse(readFileSync(target, 'utf8')) as { features: OgrFeature[] }).features;
}

describe.skipIf(!hasGdal)('project.gpkg and GDAL', () => {
  it.each([[utm33], [null]])('is listed without a warning, crs %s', (crs) => {
    const store = filled(crs);
    const before = statSync(store.file).mtimeMs;
    const listing = gdal('ogrinfo', '-ro', '-al', '-so', store.file);
    expect(listing).not.toMatch(/warning|error/i);
    for (const layer of ['regions', 'fields', 'samples']) expect(listing).toContain(`Layer name: ${layer}`);
    expect(listing).toContain('Geometry: Multi Polygon');
    expect(listing).toContain('Geometry: Point');
    expect(listing).toContain('Feature Count: 3');
    if (crs) expect(listing).toContain('ID["EPSG",32633]');
    expect(gdal('ogrinfo', '-ro', '-al', store.file)).not.toMatch(/warning|error/i);
    expect(statSync(store.file).mtimeMs).toBe(before);
    expect(readdirSync(store.folder).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([]);
  });

  it('gives GDAL the geometries and attributes that we stored', () => {
    const store = filled(utm33);
    const features = throughGdal(store.file, 'fields');
    expect(features.map((f) => f.properties.note)).toEqual([null, null, 'Äcker']);
    expect(features[1]?.geometry).toEqual({
      type: 'MultiPolygon',
      coordinates: [(square(100, 0) as { coordinates: unknown }).coordinates],
    });
    const filtered = gdal('ogrinfo', '-ro', '-so', '-spat', '95', '-5', '120', '5', store.file, 'fields');
    expect(filtered).toContain('Feature Count: 1');
  });

  it('takes edits made by GDAL, and ours after them', () => {
    const store = filled(utm33);
    const { file, folder } = store;
    gdal('ogrinfo', '-q', file, '-sql', "UPDATE fields SET class = 7, note = 'by GDAL' WHERE fid = 1");
    gdal('ogrinfo', '-q', file, '-sql', 'DELETE FROM fields WHERE fid = 2');
    const extra = join(tmpFolder(), 'extra.geojson');
    const geometry = JSON.stringify(square(1000, 1000));
    gdal(
      'sh',
      '-c',
      `echo '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":3},"geometry":${geometry}}]}' > ${extra}`,
    );
    const said = gdal(
      'ogr2ogr',
      '-update',
      '-append',
      '-a_srs',
      'EPSG:32633',
      '-nln',
      'fields',
      '-nlt',
      'PROMOTE_TO_MULTI',
      file,
      extra,
    );
    expect(said).not.toMatch(/error/i);

    const again = openProject(folder, { mode: 'write' });
    const fields = listFields(again.db);
    expect(fields.map((f) => [f.classCode, f.note, f.role])).toEqual([
      [7, 'by GDAL', 'train'],
      [null, 'Äcker', 'train'],
      [3, null, 'train'],
    ]);
    const added = fields[2];
    expect(added?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(added?.geometry).toEqual(square(1000, 1000));
    again.gesture('Label', (tx) =>
      changeFields(tx, [added?.id ?? ''], { classCode: 1, geometry: square(2000, 0) }),
    );
    again.gesture('Draw', (tx) => addFields(tx, [newField(-50)], again.clock));
    again.dispose();

    const theirs = throughGdal(file, 'fields');
    expect(theirs.map((f) => f.properties.class)).toEqual([7, null, 1, 1]);
    const summary = gdal('ogrinfo', '-ro', '-so', file, 'fields');
    expect(summary).not.toMatch(/warning|error/i);
    expect(summary).toContain('Feature Count: 4');
    expect(summary).toMatch(/Extent: \(-50\.0+, 0\.0+\) - \(2010\.0+, 10\.0+\)/);
  });

  it('is edited by GDAL while we have it open, and we notice', () => {
    const store = filled(utm33);
    const open = openProject(store.folder, { mode: 'write' });
    expect(open.noticeOutsideChanges()).toBe(false);
    const blob = '(SELECT geom FROM fields WHERE fid = 1)';
    gdal(
      'ogrinfo',
      '-q',
      open.file,
      '-sql',
      `INSERT INTO fields (geom, uuid, class) SELECT ${blob}, uuid, 5 FROM fields WHERE fid = 1`,
    );
    expect(open.noticeOutsideChanges()).toBe(true);
    expect(open.noticeOutsideChanges()).toBe(false);
    const fields = listFields(open.db);
    expect(fields).toHaveLength(4);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(4);
    open.dispose();
  });

  it('exports layers to one clean file that GDAL and we read alike', () => {
    const store = filled(utm33);
    const open = openProject(store.folder, { mode: 'read' });
    const target = join(tmpFolder(), 'labels.gpkg');
    const layers = [fieldsLayer(open.db), regionsLayer(open.db), samplesLayer(open.db)];
    writeGeoPackage(target, layers, { crs: utm33, clock: open.clock });
    const fields = listFields(open.db);
    open.dispose();
    expect(existsSync(`${target}-wal`)).toBe(false);
    const listing = gdal('ogrinfo', '-ro', '-al', target);
    expect(listing).not.toMatch(/warning|error/i);
    expect(listing).toContain('class_name (String) = wheat');
    expect(throughGdal(target, 'fields').map((f) => f.properties.id)).toEqual(fields.map(({ id }) => id));
    const back = readGeoPackage(target, 'fields');
    expect(back.crs.epsg).toBe(32633);
    expect(back.layers).toEqual(['fields', 'regions', 'samples']);
    expect(back.features.map((f) => f.geometry)).toEqual(fields.map((f) => f.geometry));
    expect(readGeoPackage(target, 'samples').features[0]?.geometry).toEqual({
      type: 'Point',
      coordinates: [5, 6],
    });
  });
});
