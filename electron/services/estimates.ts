/** What a pretraining will take of memory, time and disk, asked of a worker before anything is recorded. */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EstimateJob, EstimateResult } from '../contract/jobs.ts';
import type { PretrainParams } from '../contract/methods.ts';
import type { RunEstimate } from '../contract/run.ts';
import { type Context, newId, requireOpened } from './context.ts';
import { prepared } from './pretrain.ts';

/** Errors: those of a pretraining with these parameters that show before its first step. */
export async function estimate(ctx: Context, params: PretrainParams): Promise<RunEstimate> {
  const payload: EstimateJob = { kind: 'estimate', pretrain: prepared(ctx, params) };
  const folder = mkdtempSync(join(tmpdir(), 'swath-estimate-'));
  try {
    const { result } = await ctx.runner.submit({ id: newId(ctx, 'estimate'), folder, payload }, 'light');
    const { diskBytes: bytes, ...rest } = result as EstimateResult;
    const availableBytes = roomAt(requireOpened(ctx).path);
    return {
      ...rest,
      disk: { bytes, availableBytes, fits: availableBytes === null || bytes <= availableBytes },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** null on file systems that do not tell. */
function roomAt(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}
