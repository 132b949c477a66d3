/** A map as polygons: traced by a worker, put into a GeoPackage or GeoJSON here. */
import { readFileSync, rmSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { VectoriseResult } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { Export, MapLayer } from '../contract/run.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import { listClasses } from '../store/classes.ts';
import { type ExportLayer, writeGeoPackage } from '../store/exportLayer.ts';
import type { Feature, Geometry } from '../vector/types.ts';
import { writeGeoJson } from '../vector/writeGeoJson.ts';
import { type Context, currentProject, readable } from './context.ts';
import { launch } from './launch.ts';

export function exportAreas(ctx: Context, map: MapLayer, out: string): Export {
  const { crs = null } = currentProject(ctx);
  const classes = listClasses(readable(ctx));
  const run = launch(ctx, {
    kind: 'export',
    method: null,
    params: { what: 'map', map: map.id, out },
    seed: null,
    lane: 'light',
    outputs: [out],
    job: () => ({ kind: 'vectorise', mapFile: map.result.out }),
    record: (_tx, result) => {
      const { file } = result as VectoriseResult;
      const layer = areasLayer(map, classes, file);
      if (extname(out).toLowerCase() === '.gpkg') writeGeoPackage(out, [layer], { crs, clock: ctx.clock });
      else {
        const name = basename(out, extname(out));
        writeFileAtomic(out, writeGeoJson(layer.features, { name, epsg: crs?.epsg ?? null }));
      }
      rmSync(file);
    },
  });
  return { files: [out], run: run.id };
}

interface Area {
  readonly code: number;
  readonly pixels: number;
  readonly area: number | null;
  readonly geometry: Geometry;
}

function areasLayer(map: MapLayer, classes: readonly ClassDef[], file: string): ExportLayer {
  const names = new Map([...map.result.classes, ...classes].map(({ code, name }) => [code, name]));
  const features = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Feature => {
      const { code, pixels, area, geometry } = JSON.parse(line) as Area;
      return {
        geometry,
        properties: { class: code, class_name: names.get(code) ?? null, pixels, area_ha: area },
      };
    });
  return {
    name: 'map',
    description: `Areas of map ${map.id}`,
    geometryType: 'MULTIPOLYGON',
    attributes: [
      { name: 'class', type: 'integer' },
      { name: 'class_name', type: 'text' },
      { name: 'pixels', type: 'integer' },
      { name: 'area_ha', type: 'real' },
    ],
    features,
    style: { attribute: 'class', classes },
  };
}
