/** What a map is compared with, and the sentence that says what the figure will mean. */
import { basename, extname, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { AssessJob, PixelField } from '../contract/jobs.ts';
import type { Field } from '../contract/labels.ts';
import type { AssessParams } from '../contract/methods.ts';
import type { MapLayer, Model } from '../contract/run.ts';
import { openRaster } from '../raster/open.ts';
import { listClasses } from '../store/classes.ts';
import { listFields } from '../store/fields.ts';
import { getModel } from '../store/models.ts';
import { repair } from '../vector/repair.ts';
import { codeClasses } from './classCodes.ts';
import { type Context, currentProject, readable } from './context.ts';
import { inProject, readLabels } from './labelFile.ts';
import { assertColumn } from './labels.ts';
import { geotransformIn, isLocal, toPixelPolygons } from './pixels.ts';
import { sampleReference } from './samples.ts';

export interface Reference {
  readonly job: AssessJob['reference'];
  readonly protocol: string;
  /** It was drawn as one, whatever the caller says. */
  readonly probabilitySample?: true;
}
interface MapFile {
  readonly layer: MapLayer | null;
  readonly file: string;
}

/** Errors: `bad-input` when the reference is empty, lacks the column, or cannot be had for this map. */
export async function findReference(ctx: Context, params: AssessParams, map: MapFile): Promise<Reference> {
  const { reference } = params;
  if (reference.from === 'file') return fromFile(ctx, resolve(reference.file), reference.classField, map);
  if (reference.from === 'sample') {
    const { fields: points, protocol } = sampleReference(ctx, map.layer?.id ?? map.file);
    return { job: { from: 'fields', fields: points }, protocol, probabilitySample: true };
  }
  const fields = listFields(readable(ctx)).filter((field) => field.classCode !== null);
  if (reference.from === 'held-out') {
    const model = modelOf(ctx, map);
    const heldOut = new Set(model?.result.heldOut ?? []);
    const chosen = fields.filter((field) => heldOut.has(field.id));
    if (chosen.length > 0) {
      const how = model?.result.transferEstimate?.protocol ?? '';
      return {
        job: await onMap(ctx, chosen, map),
        protocol:
          `All pixels of the ${chosen.length} fields that were held out when the model was trained. ${how}`.trim(),
      };
    }
    throw new AppError('bad-input', 'No fields were held out when the model of this map was trained', {
      subject: map.layer?.id ?? map.file,
      remedy: 'Train with a number of labels per class, or with validation fields; or give a reference file.',
    });
  }
  const chosen = fields.filter((field) => field.role === reference.role);
  if (chosen.length === 0) {
    throw new AppError('bad-input', `No labelled field has the role '${reference.role}'`, {
      subject: reference.role,
      remedy: 'Give fields that role, or choose another reference.',
    });
  }
  const seen =
    reference.role === 'train' ? ' The model may have learnt from them: the figure is optimistic.' : '';
  return {
    job: await onMap(ctx, chosen, map),
    protocol: `All pixels of the ${chosen.length} fields with the role “${reference.role}”.${seen}`,
  };
}

async function fromFile(
  ctx: Context,
  file: string,
  classField: string | undefined,
  map: MapFile,
): Promise<Reference> {
  const name = basename(file);
  const seen = learntFrom(ctx, name, map)
    ? ` Labels of ${name} are among those that the model learnt from: the figure is optimistic.`
    : '';
  if (['.tif', '.tiff'].includes(extname(file).toLowerCase())) {
    if (classField !== undefined) assertColumn({ file, layer: rasterLayer }, classField);
    // Opened here so that a file that is no raster is refused before anything waits in a queue.
    await (await openRaster(file)).dispose();
    return { job: { from: 'raster', file }, protocol: `All labelled pixels of ${name}.${seen}` };
  }
  if (classField === undefined) {
    const { layer } = await readLabels(ctx, file, map.layer?.scene);
    throw new AppError('usage', `The class field of ${name} is missing`, {
      subject: file,
      remedy: `Name one of ${layer.fields.map((f) => f.name).join(', ')}.`,
    });
  }
  const labels = await readLabels(ctx, file, map.layer?.scene);
  assertColumn(labels, classField);
  const { features } = repair(inProject(ctx, labels, map.layer?.scene));
  const classes = listClasses(readable(ctx));
  const coding = codeClasses(
    features.map((feature) => feature.properties[classField]),
    classes,
    undefined,
  );
  if (coding.fresh.length > 0) {
    const foreign = coding.fresh.map((c) => c.name).join(', ');
    throw new AppError('mismatch', `${name} has classes that the project does not know: ${foreign}`, {
      subject: file,
      remedy: `The project has ${classes.map((c) => `${c.code} ${c.name}`).join(', ')}. Make the names the same.`,
    });
  }
  const fields = features.flatMap(({ geometry, properties }, i) => {
    const coded = coding.codeOf(properties[classField]);
    return geometry.type === 'Point' || 'reason' in coded
      ? []
      : [{ id: `reference-${i + 1}`, geometry, classCode: coded.code, role: 'accuracy' as const }];
  });
  return {
    job: await onMap(ctx, fields, map),
    protocol: `All pixels of the ${fields.length} fields of ${name}.${seen}`,
  };
}

const rasterLayer = {
  name: 'raster',
  layers: [],
  fields: [{ name: 'value', type: 'integer' as const }],
  features: [],
  crs: { epsg: null, wkt: null, proj4: null },
};

function modelOf(ctx: Context, { layer }: MapFile): Model | null {
  return layer ? getModel(readable(ctx), layer.model) : null;
}

/** Whether fields that came from a file of this name could teach the model of the map. */
function learntFrom(ctx: Context, name: string, map: MapFile): boolean {
  if (!map.layer) return false;
  return listFields(readable(ctx)).some((field) => field.source === name && field.role === 'train');
}

type Shape = Pick<Field, 'id' | 'geometry' | 'classCode' | 'role'>;

/** Fields in the pixels of a map. Errors: `mismatch` when the map has other coordinates than the project. */
async function onMap(ctx: Context, fields: readonly Shape[], map: MapFile): Promise<AssessJob['reference']> {
  const project = currentProject(ctx);
  const { info } = await openRaster(map.file).then(async (reader) => {
    await reader.dispose();
    return reader;
  });
  const epsg = info.crs?.epsg ?? null;
  if (!isLocal(project) && (!info.geotransform || epsg !== (project.crs?.epsg ?? null))) {
    throw new AppError('mismatch', `${map.file} is not in the project's CRS`, {
      subject: map.file,
      remedy: 'Bring it there with gdalwarp, or give a reference raster on its grid.',
    });
  }
  const transform = geotransformIn(project, { geotransform: info.geotransform });
  const scene = map.layer?.scene ?? '';
  return {
    from: 'fields',
    fields: fields.flatMap((field): PixelField[] =>
      field.classCode === null
        ? []
        : [
            {
              id: field.id,
              scene,
              classCode: field.classCode,
              role: field.role,
              polygons: toPixelPolygons(field.geometry, transform),
            },
          ],
    ),
  };
}
