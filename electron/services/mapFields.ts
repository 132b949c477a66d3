/** The majority of each field as a layer for other programs. */
import type { ClassDef, Field } from '../contract/labels.ts';
import type { MapField } from '../contract/run.ts';
import type { ExportLayer } from '../store/exportLayer.ts';

export function mapFieldsLayer(
  fields: readonly Field[],
  found: readonly MapField[],
  classes: readonly ClassDef[],
): ExportLayer {
  const shapes = new Map(fields.map((field) => [field.id, field]));
  const name = (code: number | null) => classes.find((c) => c.code === code)?.name ?? null;
  return {
    name: 'fields',
    description: 'What the map says of each field: the class of most pixels, and what came second',
    geometryType: 'MULTIPOLYGON',
    attributes: [
      { name: 'id', type: 'text' },
      { name: 'class', type: 'integer' },
      { name: 'class_name', type: 'text' },
      { name: 'purity', type: 'real' },
      { name: 'runner_up', type: 'integer' },
      { name: 'runner_up_name', type: 'text' },
      { name: 'runner_up_share', type: 'real' },
      { name: 'pixels', type: 'integer' },
      { name: 'labelled', type: 'integer' },
    ],
    features: found.flatMap((field) => {
      const shape = shapes.get(field.id);
      if (!shape) return [];
      const properties = {
        id: field.id,
        class: field.code,
        class_name: name(field.code),
        purity: field.purity,
        runner_up: field.runnerUp,
        runner_up_name: name(field.runnerUp),
        runner_up_share: field.runnerUpShare,
        pixels: field.pixels,
        labelled: shape.classCode,
      };
      return [{ geometry: shape.geometry, properties }];
    }),
    style: { attribute: 'class', classes },
  };
}
