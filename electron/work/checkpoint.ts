/**
 * The whole state of a pretraining run between two steps. Batches, learning rates and shuffles follow from the seed and
 * the step number, so state, plan and step are all that a resumed run needs to end where an uninterrupted one would.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Arrays, Shapes } from '../compute/step.ts';
import { type Normalisation, normalisationSchema } from '../contract/encoder.ts';
import { runFiles } from '../contract/jobs.ts';
import { readSafetensors, writeSafetensors } from '../disk/safetensors.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

/** Raised when a checkpoint of this version could no longer be resumed exactly. */
const checkpointFormat = 1;

export interface Checkpoint {
  readonly plan: PretrainPlan;
  readonly normalisation: Normalisation;
  /** Steps done. */
  readonly step: number;
  /** Time that the run has taken so far. */
  readonly seconds: number;
  /** Hash over scenes and regions: other places make another run. */
  readonly places: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly state: Arrays;
}

/** Writes the checkpoint whole or not at all; the one before stays until then. */
export function writeCheckpoint(folder: string, { state, ...rest }: Checkpoint): void {
  const record = JSON.stringify({ format: checkpointFormat, ...rest });
  writeSafetensors(join(folder, runFiles.checkpoint), state, { swath: 'checkpoint', record });
}

/** Errors: not-found when the run was never checkpointed; bad-input when damaged; unsupported for another format. */
export function readCheckpoint(folder: string): Checkpoint {
  const path = join(folder, runFiles.checkpoint);
  if (!existsSync(path)) {
    throw new AppError('not-found', `The run has no checkpoint to go on from: ${folder}`, {
      subject: folder,
      remedy: 'It ended before its first checkpoint: start it again.',
    });
  }
  const { tensors, metadata } = readSafetensors(path);
  const damaged = () =>
    new AppError('bad-input', 'The file is no checkpoint', {
      subject: path,
      remedy: 'Start the run again.',
    });
  if (metadata.swath !== 'checkpoint' || metadata.record === undefined) throw damaged();
  const { format, ...record } = JSON.parse(metadata.record) as Omit<Checkpoint, 'state'> & { format: number };
  if (format !== checkpointFormat) {
    throw new AppError(
      'unsupported',
      `The checkpoint is of format ${format}; this Swath resumes ${checkpointFormat}`,
      {
        subject: path,
        remedy: 'Resume it with the version that made it, or start again.',
      },
    );
  }
  const state = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (!(data instanceof Float32Array)) throw damaged();
    return [name, { shape, data }] as const;
  });
  // The checksum covers the record, so that it is what was written; the part that other code computes with is parsed.
  const normalisation = normalisationSchema.parse(record.normalisation);
  return { ...record, normalisation, state: Object.fromEntries(state) };
}

/** Errors: mismatch naming the first tensor that the step does not have in this shape. */
export function assertStateFits(state: Arrays, shapes: Shapes): void {
  const names = new Set([...Object.keys(state), ...Object.keys(shapes)]);
  for (const name of names) {
    const found = state[name]?.shape.join(' × ');
    const wanted = shapes[name]?.join(' × ');
    if (found === wanted) continue;
    throw new AppError('mismatch', `The checkpoint has ${name} as ${found}, the step needs ${wanted}`, {
      subject: name,
      remedy: 'Resume it with the version that made it, or start again.',
    });
  }
}
