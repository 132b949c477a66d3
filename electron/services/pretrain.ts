import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError } from '../base/errors.ts';
import { sensorCard } from '../contract/catalog/sensors.ts';
import { pretrainSettings } from '../contract/catalog/settings.ts';
import { type PretrainJob, runFiles } from '../contract/jobs.ts';
import { type PretrainParams, pretrainSchema } from '../contract/methods.ts';
import { parseWith } from '../contract/parse.ts';
import type { Project } from '../contract/project.ts';
import { hasEnded, type Run } from '../contract/run.ts';
import type { Scene } from '../contract/scene.ts';
import { listFields } from '../store/fields.ts';
import { getRegions } from '../store/regions.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { launch, runFolder } from './launch.ts';
import { pixelFields, pixelRegions } from './pixels.ts';
import { get } from './runs.ts';
import { sourceOf } from './sceneFiles.ts';

/** A run that is stopped ends its step and writes its state: enough for large steps on a slow machine. */
const pauseMs = 20_000;

/** Queues a pretraining. What cannot work is refused here, before anything waits in a queue. */
export function start(ctx: Context, wanted: PretrainParams): Run {
  const job = prepared(ctx, wanted);
  return launch(ctx, {
    kind: 'pretrain',
    method: job.params.method,
    params: { ...job.params },
    seed: job.params.seed,
    lane: 'heavy',
    graceMs: pauseMs,
    job: () => job,
  });
}

/** The whole job of a run, new or gone on with. */
export function prepared(ctx: Context, wanted: PretrainParams): PretrainJob {
  const params = wanted.resume === undefined ? wanted : resumed(ctx, wanted, wanted.resume);
  const folder = requireOpened(ctx).path;
  return {
    ...prepare(ctx, params),
    fromEncoder: params.from === undefined ? null : encoderFileOf(ctx, params.from),
    resumeFolder: params.resume === undefined ? null : runFolder(folder, params.resume),
  };
}

/** Scenes, regions and labelled fields of a run, and its settings checked as far as that goes without pixels. */
export function prepare(ctx: Context, params: PretrainParams): PretrainJob {
  const project = currentProject(ctx);
  const scenes = scenesOf(ctx, params.scenes);
  assertSettings(params, scenes);
  const regions = regionsOf(ctx, project, params, scenes);
  const db = readable(ctx);
  const folder = requireOpened(ctx).path;
  const sources = scenes.map((scene) => sourceOf(folder, scene));
  const fields = scenes.flatMap((scene) => pixelFields(project, listFields(db), scene));
  return {
    kind: 'pretrain',
    params,
    sources,
    regions,
    // Fields set aside for the accuracy of a map stay unseen, even by a figure on the screen.
    fields: fields.filter((field) => field.role !== 'accuracy'),
    fromEncoder: null,
    resumeFolder: null,
  };
}

function scenesOf(ctx: Context, ids: readonly string[]): Scene[] {
  const db = readable(ctx);
  const scenes = ids.length === 0 ? listScenes(db) : ids.map((id) => getScene(db, id));
  if (scenes.length > 0) return scenes;
  throw new AppError('not-found', 'The project has no scene to learn from', { remedy: 'Add a scene first.' });
}

/** The catalogue's own check of `set`. What depends on the pixels themselves is checked by the worker. */
function assertSettings(params: PretrainParams, scenes: readonly Scene[]): void {
  const named = Object.entries({ tile: params.tile, epochs: params.epochs, batch: params.batch });
  const given = named.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const]));
  const sensor = scenes.find((scene) => scene.sensor !== null)?.sensor;
  const data = sensor ? (sensorCard(sensor)?.data ?? 'optical') : 'optical';
  try {
    const { method, encoder } = params;
    pretrainSettings({ method, encoder, data }, { ...params.set, ...Object.fromEntries(given) });
  } catch (error) {
    if (!isAppError(error, 'unsupported')) throw error;
  }
}

function regionsOf(ctx: Context, project: Project, params: PretrainParams, scenes: readonly Scene[]) {
  if (params.regions.length === 0) return [];
  const regions = pixelRegions(project, getRegions(readable(ctx), params.regions), scenes);
  if (regions.length > 0) return regions;
  throw new AppError('mismatch', 'The regions lie outside the scenes', {
    subject: params.regions.join(', '),
    remedy: 'Choose regions on the scenes, or leave them out.',
  });
}

/** The parameters of the run that is gone on with; only its length and its device may be others. */
function resumed(ctx: Context, wanted: PretrainParams, id: string): PretrainParams {
  const run = get(ctx, id);
  const checkpoint = join(runFolder(requireOpened(ctx).path, id), runFiles.checkpoint);
  const why =
    run.kind !== 'pretrain'
      ? 'it is no pretraining'
      : !hasEnded(run.state)
        ? 'it is still running'
        : !existsSync(checkpoint)
          ? 'it ended before its first checkpoint'
          : null;
  if (why !== null) {
    throw new AppError('bad-input', `Run ${id} cannot be resumed: ${why}`, {
      subject: id,
      remedy: 'Start it anew.',
    });
  }
  const before = parseWith(pretrainSchema, run.params, `run ${id}`);
  const epochs = wanted.epochs ?? before.epochs;
  const { epochs: _, ...rest } = before;
  return { ...rest, ...(epochs === undefined ? {} : { epochs }), device: wanted.device, resume: id };
}

/** The encoder that a run wrote. Errors: `not-found` naming the runs that have one. */
export function encoderFileOf(ctx: Context, id: string): string {
  const { path } = requireOpened(ctx);
  const run = get(ctx, id);
  const file = join(runFolder(path, run.id), runFiles.encoder);
  if (run.kind === 'pretrain' && existsSync(file)) return file;
  throw new AppError(
    'not-found',
    run.kind === 'pretrain'
      ? `Run ${id} has no encoder: it is ${run.state}`
      : `Run ${id} is no pretraining but a ${run.kind}`,
    {
      subject: id,
      remedy:
        run.kind === 'pretrain'
          ? 'Resume it, or choose another run.'
          : 'Give the id of a pretraining, or none for raw bands.',
    },
  );
}
