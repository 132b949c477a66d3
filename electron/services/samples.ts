/** A probability sample of a map: designed, drawn, looked at point by point, and used as a reference. */
import { AppError } from '../base/errors.ts';
import {
  type DesignParams,
  type DrawSampleParams,
  type SamplePoint,
  type SampleResult,
  type SamplingDesign,
  sampleNote,
} from '../contract/guidance.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { Run } from '../contract/run.ts';
import { gesture } from '../store/history.ts';
import { listRuns } from '../store/runs.ts';
import { addSamples, labelSamples, listSamples } from '../store/samples.ts';
import { getScene } from '../store/scenes.ts';
import { mapToPixels } from '../vector/geotransform.ts';
import { act, type Context, currentProject, newId, readable } from './context.ts';
import { assertClass } from './fields.ts';
import { launch } from './launch.ts';
import * as maps from './maps.ts';
import { geotransformIn } from './pixels.ts';
import { designSample } from './samplingDesign.ts';

export const list = (ctx: Context): SamplePoint[] => listSamples(readable(ctx));

export function design(ctx: Context, params: DesignParams): SamplingDesign {
  return designSample(maps.get(ctx, params.map).result.classes, params);
}

/** Queues the drawing; the points are one gesture, which can be undone. */
export function draw(ctx: Context, params: DrawSampleParams): Run {
  const map = maps.get(ctx, params.map);
  const plan = designSample(map.result.classes, params);
  const transform = geotransformIn(currentProject(ctx), getScene(readable(ctx), map.scene));
  const id = newId(ctx, 'sample');
  return launch(ctx, {
    id,
    kind: 'sample',
    method: null,
    params,
    seed: params.seed,
    lane: 'light',
    job: () => ({
      kind: 'sample',
      map: map.id,
      mapFile: map.result.out,
      design: plan,
      seed: params.seed,
      transform,
    }),
    record: (tx, result) => {
      const { points } = result as SampleResult;
      gesture(tx, `Draw ${points.length} sample points`, ctx.clock, (edit) =>
        addSamples(
          edit,
          points.map(({ x, y, code }) => ({
            x,
            y,
            classCode: null,
            mapClass: code,
            role: 'accuracy',
            note: sampleNote(id),
          })),
          ctx.clock,
        ),
      );
    },
  });
}

export function label(ctx: Context, params: Params<'samples.label'>): null {
  assertClass(ctx, params.classCode);
  const count = params.samples.length === 1 ? '1 sample point' : `${params.samples.length} sample points`;
  act(ctx, `Label ${count}`, ['samples'], (tx) => labelSamples(tx, params.samples, params.classCode));
  return null;
}

/**
 * The points of the newest sample of a map as pixels with their class on the ground. Errors: `not-found` without a
 * sample; `bad-input` when fewer than two points of it were looked at.
 */
export function sampleReference(ctx: Context, map: string): { fields: PixelField[]; protocol: string } {
  const db = readable(ctx);
  const drawn = listRuns(db).find(
    (run) => run.kind === 'sample' && run.state === 'done' && run.params.map === map,
  );
  if (!drawn) {
    throw new AppError('not-found', `No sample was drawn from map ${map}`, {
      subject: map,
      remedy: 'Draw one first (swath sample), and say at each point what it is on the ground.',
    });
  }
  const points = listSamples(db).filter((point) => point.note === sampleNote(drawn.id));
  const seen = points.filter((point) => point.classCode !== null);
  if (seen.length < 2) {
    throw new AppError('bad-input', `${seen.length} of ${points.length} points of the sample have a class`, {
      subject: drawn.id,
      remedy: 'Say at each point what it is on the ground; then assess.',
    });
  }
  const { scene } = maps.get(ctx, map);
  const toPixels = mapToPixels(geotransformIn(currentProject(ctx), getScene(db, scene)));
  const missing = points.length - seen.length;
  return {
    protocol: `A stratified random sample of ${points.length} points over the map's classes, drawn with seed ${drawn.seed ?? 0} (${drawn.id}); all figures are weighted by mapped area (Olofsson et al. 2014; Stehman 2014).${missing > 0 ? ` ${missing} points have no class yet and are left out: the figures are preliminary.` : ''}`,
    fields: seen.map(({ id, x, y, classCode }): PixelField => {
      const [u, v] = toPixels(x, y);
      const [col, row] = [Math.floor(u), Math.floor(v)];
      const ring = [
        [col, row],
        [col + 1, row],
        [col + 1, row + 1],
        [col, row + 1],
      ] as const;
      return { id, scene, classCode: classCode ?? 0, role: 'accuracy', polygons: [[ring]] };
    }),
  };
}
