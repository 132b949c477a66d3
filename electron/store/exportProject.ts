import { listClasses } from './classes.ts';
import type { ExportLayer } from './exportLayer.ts';
import { listFields } from './fields.ts';
import { listRegions } from './regions.ts';
import type { ReadableDb } from './rights.ts';
import { listSamples } from './samples.ts';

/** The project's fields as a layer for other programs: with class names, which the project keeps in a table of its own. */
export function fieldsLayer(db: ReadableDb): ExportLayer {
  const classes = listClasses(db);
  const names = new Map(classes.map(({ code, name }) => [code, name]));
  return {
    name: 'fields',
    description: 'Labelled fields',
    geometryType: 'MULTIPOLYGON',
    attributes: [
      { name: 'id', type: 'text' },
      { name: 'class', type: 'integer' },
      { name: 'class_name', type: 'text' },
      { name: 'role', type: 'text' },
      { name: 'confidence', type: 'real' },
      { name: 'scene', type: 'text' },
      { name: 'source', type: 'text' },
      { name: 'note', type: 'text' },
      { name: 'created', type: 'text' },
    ],
    features: listFields(db).map((field) => ({
      geometry: field.geometry,
      properties: {
        id: field.id,
        class: field.classCode,
        class_name: names.get(field.classCode ?? 0) ?? null,
        role: field.role,
        confidence: field.confidence,
        scene: field.scene,
        source: field.source,
        note: field.note,
        created: field.created,
      },
    })),
    style: { attribute: 'class', classes },
  };
}

export function regionsLayer(db: ReadableDb): ExportLayer {
  return {
    name: 'regions',
    description: 'Regions of interest',
    geometryType: 'MULTIPOLYGON',
    attributes: [
      { name: 'id', type: 'text' },
      { name: 'name', type: 'text' },
      { name: 'scene', type: 'text' },
      { name: 'created', type: 'text' },
    ],
    features: listRegions(db).map(({ id, name, geometry, scene, created }) => ({
      geometry,
      properties: { id, name, scene, created },
    })),
    style: null,
  };
}

export function samplesLayer(db: ReadableDb): ExportLayer {
  return {
    name: 'samples',
    description: 'Points of an accuracy assessment',
    geometryType: 'POINT',
    attributes: [
      { name: 'id', type: 'text' },
      { name: 'class', type: 'integer' },
      { name: 'map_class', type: 'integer' },
      { name: 'role', type: 'text' },
      { name: 'note', type: 'text' },
      { name: 'created', type: 'text' },
    ],
    features: listSamples(db).map(({ id, x, y, classCode, mapClass, role, note, created }) => ({
      geometry: { type: 'Point', coordinates: [x, y] },
      properties: { id, class: classCode, map_class: mapClass, role, note, created },
    })),
    style: { attribute: 'class', classes: listClasses(db) },
  };
}
