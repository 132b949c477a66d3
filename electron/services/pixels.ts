/** Between the coordinates of a project and the pixels of a scene. */

import type { Areal, Extent } from '../contract/geometry.ts';
import type { PixelField, PixelPolygons, PixelRegion } from '../contract/jobs.ts';
import type { Field, Region } from '../contract/labels.ts';
import type { Project } from '../contract/project.ts';
import type { Scene } from '../contract/scene.ts';
import { boundsOf, overlaps, polygonsOf } from '../vector/geometry.ts';
import { type Geotransform, localPixels, mapToPixels } from '../vector/geotransform.ts';

/** Whether the project's coordinates are a scene's own pixels (x = column, y = −row): no CRS is known. */
export function isLocal(project: Pick<Project, 'crs'>): boolean {
  return project.crs === null;
}

/** From pixels to the project's coordinates. */
export function geotransformIn(
  project: Pick<Project, 'crs'>,
  scene: Pick<Scene, 'geotransform'>,
): Geotransform {
  if (isLocal(project) || scene.geotransform === null) return localPixels;
  const [a = 0, b = 1, c = 0, d = 0, e = 0, f = -1] = scene.geotransform;
  return [a, b, c, d, e, f];
}

/** [minx, miny, maxx, maxy] of a grid of pixels. */
export function extentOf(transform: Geotransform, width: number, height: number): Extent {
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([col = 0, row = 0]) => [
    transform[0] + col * transform[1] + row * transform[2],
    transform[3] + col * transform[4] + row * transform[5],
  ]);
  const xs = corners.map(([x = 0]) => x);
  const ys = corners.map(([, y = 0]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** Rings of [column, row]. */
export function toPixelPolygons(geometry: Areal, transform: Geotransform): PixelPolygons {
  const toPixels = mapToPixels(transform);
  return polygonsOf(geometry).map((polygon) =>
    polygon.map((ring) => ring.map(([x = 0, y = 0]) => toPixels(x, y))),
  );
}

/** Whether a region or a field can have pixels in a scene. */
export function liesIn(
  project: Pick<Project, 'crs'>,
  shape: { readonly geometry: Areal; readonly scene: string | null },
  scene: Pick<Scene, 'id' | 'extent'>,
): boolean {
  if (isLocal(project) && shape.scene !== null && shape.scene !== scene.id) return false;
  const bounds = boundsOf(shape.geometry);
  return bounds !== null && overlaps(bounds, scene.extent);
}

export function pixelRegions(
  project: Project,
  regions: readonly Region[],
  scenes: readonly Scene[],
): PixelRegion[] {
  return scenes.flatMap((scene) =>
    regions
      .filter((region) => liesIn(project, region, scene))
      .map((region) => ({
        scene: scene.id,
        polygons: toPixelPolygons(region.geometry, geotransformIn(project, scene)),
      })),
  );
}

/** What of a field matters to work. */
export type LabelledShape = Pick<Field, 'id' | 'geometry' | 'classCode' | 'role' | 'scene'>;

/** The labelled fields of a scene; those without a class are left out. */
export function pixelFields(project: Project, fields: readonly LabelledShape[], scene: Scene): PixelField[] {
  const transform = geotransformIn(project, scene);
  return fields.flatMap((field) =>
    field.classCode !== null && liesIn(project, field, scene)
      ? [
          {
            id: field.id,
            scene: scene.id,
            classCode: field.classCode,
            role: field.role,
            polygons: toPixelPolygons(field.geometry, transform),
          },
        ]
      : [],
  );
}

/** Fields in the pixels of a scene, whether labelled or not. */
export function shapesIn(
  project: Pick<Project, 'crs'>,
  fields: readonly Field[],
  scene: Scene,
): Pick<PixelField, 'id' | 'polygons'>[] {
  const transform = geotransformIn(project, scene);
  return fields.map(({ id, geometry }) => ({ id, polygons: toPixelPolygons(geometry, transform) }));
}
