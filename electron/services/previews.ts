/** Views of a tile before a run: made by a worker, kept in memory until the project is closed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { type JobResults, type PreviewJob, runFiles } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { ViewsPreview } from '../contract/viewsPreview.ts';
import { getScene } from '../store/scenes.ts';
import { type Context, newId, readable, requireOpened } from './context.ts';
import { prepare } from './pretrain.ts';

/** Errors: those of a pretraining with these parameters that show before its first step. */
export async function preview(
  ctx: Context,
  { place, bands, ...params }: Params<'runs.preview'>,
): Promise<ViewsPreview> {
  const { previews } = requireOpened(ctx);
  const pretrain = prepare(ctx, params);
  const first = pretrain.sources[0]?.scene ?? '';
  const shown = bands.length > 0 ? bands : [...(getScene(readable(ctx), first).composites[0]?.bands ?? [1])];
  const payload: PreviewJob = { kind: 'preview', pretrain, place, bands: shown };
  const id = newId(ctx, 'preview');
  const folder = mkdtempSync(join(tmpdir(), 'swath-preview-'));
  try {
    const { result } = await ctx.runner.submit({ id, folder, payload }, 'light');
    const pixels = Uint8Array.from(readFileSync(join(folder, runFiles.views)));
    previews.set(id, pixels, pixels.byteLength);
    return { id, ...(result as JobResults['preview']) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The squares of a preview. Errors: not-found when it is none, or was pushed out by later ones. */
export function viewsOf(ctx: Context, id: string): Uint8Array<ArrayBuffer> {
  const pixels = requireOpened(ctx).previews.get(id);
  if (pixels) return pixels;
  throw new AppError('not-found', `There is no preview ${id}`, { subject: id, remedy: 'Ask for it anew.' });
}
