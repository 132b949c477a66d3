import { existsSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { type AssessJob, runFiles } from '../contract/jobs.ts';
import type { AssessParams } from '../contract/methods.ts';
import type { Assessment, AssessResult, MapLayer, Run } from '../contract/run.ts';
import { addAssessment, listAssessments } from '../store/assessments.ts';
import { listClasses } from '../store/classes.ts';
import { getModel } from '../store/models.ts';
import { getScene } from '../store/scenes.ts';
import { type Context, currentProject, newId, now, readable, requireOpened } from './context.ts';
import { launch, runFolder } from './launch.ts';
import * as maps from './maps.ts';
import { fromStored, toStored } from './opened.ts';
import { checkOutput } from './outputs.ts';
import { findReference } from './reference.ts';
import { get as getRun } from './runs.ts';

export function list(ctx: Context): Assessment[] {
  const { path } = requireOpened(ctx);
  return listAssessments(readable(ctx)).map((assessment) => withReport(path, assessment, fromStored));
}

function withReport(project: string, assessment: Assessment, way: typeof fromStored): Assessment {
  const { report } = assessment.result;
  return { ...assessment, result: { ...assessment.result, report: report && way(project, report) } };
}

/** Queues the comparison of a map with a reference. */
export async function create(ctx: Context, params: AssessParams): Promise<Run> {
  const { path } = requireOpened(ctx);
  const { layer, file } = findMap(ctx, params.map);
  const reference = await findReference(ctx, params, { layer, file });
  const id = newId(ctx, 'assessment');
  const runId = newId(ctx, 'assess');
  const own = list(ctx).map((assessment) => assessment.result.report);
  const reportFile =
    params.report === undefined
      ? join(runFolder(path, runId), runFiles.report)
      : checkOutput(params.report, ['.html', '.htm'], (report) => own.includes(report));
  const job: AssessJob = {
    kind: 'assess',
    assessment: id,
    mapFile: file,
    reference: reference.job,
    protocol: reference.protocol,
    probabilitySample: reference.probabilitySample ?? params.probabilitySample,
    taughtOn: layer && taughtOn(ctx, layer),
    classes: listClasses(readable(ctx)),
    reportFile,
    calibration: layer ? (getModel(readable(ctx), layer.model).result.calibration ?? null) : null,
    facts: factsOf(ctx, layer),
  };
  return launch(ctx, {
    id: runId,
    kind: 'assess',
    method: null,
    params: { ...params, map: layer?.id ?? file, report: reportFile },
    seed: null,
    lane: 'heavy',
    outputs: [reportFile],
    job: () => job,
    record: (tx, result) => {
      const assessment: Assessment = {
        id,
        map: layer?.id ?? null,
        result: result as AssessResult,
        created: now(ctx),
      };
      addAssessment(tx, withReport(path, assessment, toStored));
    },
  });
}

/** A map of the project by its id or its file, or any classified GeoTIFF. */
function findMap(ctx: Context, word: string): { layer: MapLayer | null; file: string } {
  const known = maps.list(ctx);
  const file = resolve(word);
  const layer = known.find((map) => map.id === word) ?? known.find((map) => map.result.out === file) ?? null;
  const found = layer?.result.out ?? file;
  if (existsSync(found)) return { layer, file: found };
  throw new AppError(
    'not-found',
    layer ? `The file of map ${layer.id} is missing: ${found}` : `There is no map ${word}`,
    {
      subject: word,
      remedy:
        layer !== null
          ? 'Make the map again.'
          : known.length === 0
            ? 'Make a map first, or give the path of a classified GeoTIFF.'
            : `The project has ${known
                .slice(0, 10)
                .map((map) => map.id)
                .join(', ')}; or give the path of a classified GeoTIFF.`,
    },
  );
}

/** Where the model of a map was taught, when that was not here and its estimate is known. */
function taughtOn(ctx: Context, layer: MapLayer): AssessJob['taughtOn'] {
  const { scene, result } = getModel(readable(ctx), layer.model);
  if (scene === layer.scene || !result.transferEstimate) return null;
  return { scene: sceneName(ctx, scene), oa: result.transferEstimate.oa };
}

/** What a reader of the report wants to know of how the map came about. */
function factsOf(ctx: Context, layer: MapLayer | null): Record<string, string> {
  const db = readable(ctx);
  const facts: Record<string, string> = {
    Swath: ctx.options.version,
    Project: currentProject(ctx).name,
  };
  if (!layer) return facts;
  const model = getModel(db, layer.model);
  facts.Scene = sceneName(ctx, layer.scene);
  facts.Classifier = `${model.head} (${model.id})`;
  facts.Labels = model.result.labels.map(({ code, count }) => `${code}: ${count}`).join(', ');
  if (model.encoder === 'none') facts.Features = 'raw bands';
  else {
    const run = getRun(ctx, model.encoder);
    facts.Features = `${run.method ?? 'encoder'} (${run.id}), seed ${run.seed ?? 0}`;
    if (run.device) facts['Pretrained on'] = run.device;
  }
  facts['Seed of the training'] = String(getRun(ctx, model.run).seed ?? 0);
  const { unlikeShare } = layer.result;
  if (typeof unlikeShare === 'number')
    facts['Unlike anything labelled'] = `${(100 * unlikeShare).toFixed(1)} % of the scene (1 % is usual)`;
  facts['Map made'] = layer.created;
  return facts;
}

function sceneName(ctx: Context, id: string): string {
  try {
    const scene = getScene(readable(ctx), id);
    return `${scene.name}${scene.date ? `, ${scene.date}` : ''} (${scene.files.map((f) => basename(f.path, extname(f.path))).join(', ')})`;
  } catch {
    return `${id} (removed since)`;
  }
}
