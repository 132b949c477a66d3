/** What leaves a project: maps, models, labels, reports and encoders as files for other programs and projects. */
import { copyFileSync, rmSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { AppError, fromSystemError, isAppError } from '../base/errors.ts';
import { type ExportCheck, type ExportModelResult, runFiles } from '../contract/jobs.ts';
import type { ExportParams } from '../contract/methods.ts';
import type { Assessment, Export } from '../contract/run.ts';
import { commitPart, partName, writeFileAtomic } from '../disk/atomicWrite.ts';
import { metresPerUnit } from '../raster/crs.ts';
import { writeClassSidecars } from '../raster/style.ts';
import { listClasses } from '../store/classes.ts';
import { writeGeoPackage } from '../store/exportLayer.ts';
import { fieldsLayer, regionsLayer, samplesLayer } from '../store/exportProject.ts';
import { listFields } from '../store/fields.ts';
import { getModel } from '../store/models.ts';
import { getRun } from '../store/runs.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { writeGeoJson } from '../vector/writeGeoJson.ts';
import * as assessments from './assessments.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { exportAreas } from './exportAreas.ts';
import { launch, runFolder } from './launch.ts';
import * as maps from './maps.ts';
import { checkOutput } from './outputs.ts';
import { pixelFields } from './pixels.ts';
import { encoderFileOf } from './pretrain.ts';
import { sourceOf } from './sceneFiles.ts';

/** Errors: `not-found` for what is not there; those of `checkOutput`; of a run: those of its job. */
export function createExport(ctx: Context, params: ExportParams): Export {
  switch (params.what) {
    case 'map':
      return exportMap(ctx, params);
    case 'model':
      return exportModel(ctx, params);
    case 'labels':
      return exportLabels(ctx, params);
    case 'report': {
      const out = outputOf(params, ['.html', '.htm']);
      copyWhole(reportOf(ctx, params.assessment), out);
      return { files: [out], run: null };
    }
    case 'encoder': {
      const out = outputOf(params, ['.safetensors', '.onnx']);
      if (/\.onnx$/i.test(out)) return exportEncoder(ctx, params, out);
      copyWhole(encoderFileOf(ctx, params.run), out);
      return { files: [out], run: null };
    }
  }
}

type Of<W extends ExportParams['what']> = Extract<ExportParams, { what: W }>;

function outputOf(params: ExportParams, extensions: readonly string[]): string {
  return checkOutput(params.out, extensions, () => params.overwrite);
}

function exportMap(ctx: Context, params: Of<'map'>): Export {
  const out = outputOf(params, ['.tif', '.tiff', '.gpkg', '.geojson']);
  const map = maps.get(ctx, params.map);
  if (!/\.tiff?$/i.test(out)) return exportAreas(ctx, map, out);
  copyWhole(map.result.out, out);
  const made = new Set(map.result.classes.map(({ code }) => code));
  writeClassSidecars(
    out,
    listClasses(readable(ctx)).filter(({ code }) => made.has(code)),
    'class',
  );
  const base = out.replace(/\.tiff?$/i, '');
  return { files: [out, `${out}.aux.xml`, `${base}.qml`, `${base}.sld`], run: null };
}

function exportModel(ctx: Context, params: Of<'model'>): Export {
  const out = outputOf(params, ['.onnx']);
  const db = readable(ctx);
  const model = getModel(db, params.model);
  const card = checkOutput(`${out.slice(0, -extname(out).length)}.json`, ['.json'], () => params.overwrite);
  const run = launch(ctx, {
    kind: 'export',
    method: null,
    params: { ...params, out },
    seed: null,
    lane: 'light',
    outputs: [out, card],
    job: () => ({
      kind: 'export-model',
      modelFile: join(runFolder(requireOpened(ctx).path, model.run), runFiles.model),
      out,
      card,
      classes: listClasses(db),
      metresPerPixel: metresPerPixel(ctx, model.scene),
      result: model.result,
      int8: params.int8,
      check: params.int8 ? checkOn(ctx, model.scene) : null,
      created: model.created,
    }),
  });
  return { files: [out, card] satisfies ExportModelResult['files'], run: run.id };
}

function exportEncoder(ctx: Context, params: Of<'encoder'>, out: string): Export {
  const encoderFile = encoderFileOf(ctx, params.run);
  const chosen = getRun(readable(ctx), params.run).params.scenes;
  const [scene = listScenes(readable(ctx))[0]?.id ?? ''] = Array.isArray(chosen) ? (chosen as string[]) : [];
  const run = launch(ctx, {
    kind: 'export',
    method: null,
    params: { ...params, out },
    seed: null,
    lane: 'light',
    outputs: [out],
    job: () => ({
      kind: 'export-encoder',
      ...{ encoderFile, out, int8: params.int8 },
      metresPerPixel: metresPerPixel(ctx, scene),
      check: params.int8 ? checkOn(ctx, scene) : null,
    }),
  });
  return { files: [out] satisfies ExportModelResult['files'], run: run.id };
}

/** null where the scene or its file is gone. */
function checkOn(ctx: Context, id: string): ExportCheck | null {
  try {
    const scene = getScene(readable(ctx), id);
    const source = sourceOf(requireOpened(ctx).path, scene);
    return { source, fields: pixelFields(currentProject(ctx), listFields(readable(ctx)), scene) };
  } catch (error) {
    if (isAppError(error, 'not-found')) return null;
    throw error;
  }
}

/** null where the scene is gone, or its CRS counts no metres. */
function metresPerPixel(ctx: Context, id: string): number | null {
  try {
    const { crs, resolution } = getScene(readable(ctx), id);
    const metres = crs?.epsg ? metresPerUnit(crs.epsg) : null;
    return metres === null ? null : metres * resolution[0];
  } catch {
    return null;
  }
}

function exportLabels(ctx: Context, params: Of<'labels'>): Export {
  const out = outputOf(params, ['.gpkg', '.geojson']);
  const db = readable(ctx);
  const { name, crs = null } = currentProject(ctx);
  const fields = fieldsLayer(db);
  if (fields.features.length === 0) {
    throw new AppError('not-found', 'The project has no fields to export', {
      remedy: 'Draw fields or import labels first.',
    });
  }
  if (extname(out).toLowerCase() === '.gpkg') {
    const layers = [fields, regionsLayer(db), samplesLayer(db)].filter((layer) => layer.features.length > 0);
    writeGeoPackage(out, layers, { crs, clock: ctx.clock });
  } else {
    writeFileAtomic(out, writeGeoJson(fields.features, { name, epsg: crs?.epsg ?? null }));
  }
  return { files: [out], run: null };
}

function reportOf(ctx: Context, id: string | undefined): string {
  const all: Assessment[] = assessments.list(ctx);
  const found = id === undefined ? all[0] : all.find((assessment) => assessment.id === id);
  const report = found?.result.report;
  if (report) return report;
  throw new AppError(
    'not-found',
    id === undefined ? 'The project has no report' : `There is no report ${id}`,
    {
      subject: id,
      remedy:
        all.length === 0
          ? 'Assess a map first.'
          : `The project has ${all
              .slice(0, 10)
              .map((assessment) => assessment.id)
              .join(', ')}.`,
    },
  );
}

/** A copy that appears under its name only when it is whole. Errors: not-found, read-only, disk-full. */
function copyWhole(from: string, to: string): void {
  if (resolve(from) === resolve(to)) {
    throw new AppError('exists', `${basename(to)} is the project's own file`, {
      subject: to,
      remedy: 'Choose another name.',
    });
  }
  const part = partName(to);
  try {
    copyFileSync(from, part);
    commitPart(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw fromSystemError(error, from) ?? error;
  }
}
