/** A map of what is labelled right now: a worker process that stands ready, and the tiles it makes. */
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { featureFiles, type LivePreviewQuestion, type LivePreviewTile } from '../contract/jobs.ts';
import type { LiveFit, LivePreview, LivePreviewParams } from '../contract/livePreview.ts';
import type { Scene } from '../contract/scene.ts';
import { type Standing, startStanding } from '../jobs/standing.ts';
import { listFields } from '../store/fields.ts';
import { getScene } from '../store/scenes.ts';
import { type Context, currentProject, newId, readable, requireOpened } from './context.ts';
import { featuresFolder, findFeatures } from './featureCache.ts';
import { labelsKey } from './labelsKey.ts';
import type { Opened } from './opened.ts';
import { geotransformIn, pixelFields } from './pixels.ts';
import { placeTile } from './tiles.ts';

/** How long the process waits for the next question before its memory is given back. */
const idleMs = 5 * 60_000;

export interface LiveWorker {
  /** Run that made the features. */
  readonly features: string;
  readonly standing: Standing;
  /** What it was asked to learn last. */
  newest: { readonly revision: string; readonly answer: Promise<LiveFit> } | null;
  scene: Scene;
  idle: NodeJS.Timeout;
}

/** Errors: `not-found` for a scene that is not there; those of the worker. */
export async function fit(ctx: Context, { scene: id, encoder }: LivePreviewParams): Promise<LivePreview> {
  const opened = requireOpened(ctx);
  const scene = getScene(readable(ctx), id);
  const run = findFeatures(ctx, scene, encoder ?? null);
  if (!run) return { state: 'no-features' };
  const worker = await workerFor(ctx, opened, run.id, scene);
  const fields = pixelFields(currentProject(ctx), listFields(readable(ctx)), scene);
  const teachers = fields.filter((field) => field.role === 'train');
  // By content: two windows that look at the same labels share one preview.
  const revision = `${run.id}-${labelsKey(teachers)}`;
  if (worker.newest?.revision !== revision) {
    const answer = ask(worker, { ask: 'fit', revision, fields: teachers }) as Promise<LiveFit>;
    const newest = { revision, answer };
    worker.newest = newest;
    // What failed is asked again the next time.
    answer.catch(() => {
      if (worker.newest === newest) worker.newest = null;
    });
  }
  const started = ctx.clock.tick();
  const answer = await worker.newest.answer;
  return {
    ...answer,
    state: answer.learnt ? 'ready' : 'too-few',
    revision,
    encoder: String(run.params.encoder),
    seconds: (ctx.clock.tick() - started) / 1000,
  };
}

/** Errors: `not-found` for a revision that is not the newest, or a tile that is not on the grid. */
export async function liveTile(
  ctx: Context,
  revision: string,
  place: readonly string[],
): Promise<LivePreviewTile> {
  const { live } = requireOpened(ctx);
  if (live?.newest?.revision !== revision) {
    throw new AppError('not-found', `There is no preview ${revision} any more`, {
      subject: revision,
      remedy: 'Ask for the newest.',
    });
  }
  const tile = placeTile(place, live.scene, geotransformIn(currentProject(ctx), live.scene));
  return (await ask(live, { ask: 'tile', revision, tile })) as LivePreviewTile;
}

/** Ends the process, if there is one. */
export async function endLivePreview(opened: Opened): Promise<void> {
  const { live } = opened;
  opened.live = null;
  if (!live) return;
  clearTimeout(live.idle);
  await live.standing.dispose();
}

async function workerFor(ctx: Context, opened: Opened, run: string, scene: Scene): Promise<LiveWorker> {
  if (opened.live && (opened.live.features !== run || opened.live.standing.ended))
    await endLivePreview(opened);
  if (opened.live) {
    opened.live.scene = scene;
    opened.live.idle.refresh();
    return opened.live;
  }
  const folder = featuresFolder(opened.path, run);
  const payload = { kind: 'live-preview', features: join(folder, featureFiles.embedding) };
  const standing = startStanding(ctx.options.spawn, { id: newId(ctx, 'live'), folder, payload });
  const idle = setTimeout(() => void endLivePreview(opened), idleMs);
  idle.unref();
  opened.live = { features: run, standing, newest: null, scene, idle };
  return opened.live;
}

function ask(worker: LiveWorker, question: LivePreviewQuestion): Promise<unknown> {
  worker.idle.refresh();
  return worker.standing.ask(question);
}
