/** A trained model as one file: encoder weights, head, normalisation and classes. A map needs nothing else. */
import { AppError } from '../base/errors.ts';
import type { Arrays } from '../compute/step.ts';
import { type ModelRecord, modelFormat, modelRecordSchema } from '../contract/model.ts';
import { readSafetensors, writeSafetensors } from '../disk/safetensors.ts';
import type { FeatureMaker } from './features.ts';

export interface ModelFile {
  readonly record: ModelRecord;
  /** Of the encoder, by its own names; empty for raw bands. */
  readonly encoder: Arrays;
  readonly head: Arrays;
  /** What novelty is measured from; empty or absent when it could not be said what is usual. */
  readonly novelty?: Arrays;
}

/** Writes the file whole or not at all. */
export function writeModelFile(path: string, { record, encoder, head, novelty = {} }: ModelFile): void {
  const tensors = {
    ...prefixed(encoder, 'encoder/'),
    ...prefixed(head, 'head/'),
    ...prefixed(novelty, 'novelty/'),
  };
  writeSafetensors(path, tensors, { swath: 'model', record: JSON.stringify(record) });
}

/** Errors: not-found; bad-input when damaged or no model; unsupported for a newer format. */
export function readModelFile(path: string): ModelFile {
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.swath !== 'model' || metadata.record === undefined) {
    throw new AppError('bad-input', 'The file is no model', {
      subject: path,
      remedy: 'Choose the model.safetensors of a finished training run.',
    });
  }
  const encoder: Arrays = {};
  const head: Arrays = {};
  const novelty: Arrays = {};
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (!(data instanceof Float32Array))
      throw new AppError('bad-input', `Weight ${name} of the model is not float32`, { subject: path });
    if (name.startsWith('encoder/')) encoder[name.slice('encoder/'.length)] = { shape, data };
    else if (name.startsWith('novelty/')) novelty[name.slice('novelty/'.length)] = { shape, data };
    else head[name.slice('head/'.length)] = { shape, data };
  }
  return { record: parseRecord(metadata.record, path), encoder, head, novelty };
}

/** What the model makes of a scene before its head looks at it. */
export function makerOf({ record, encoder }: ModelFile): FeatureMaker {
  return {
    recipe: record.recipe,
    normalisation: record.normalisation,
    encoder: record.encoder ? { record: record.encoder, weights: encoder } : null,
  };
}

function prefixed(arrays: Arrays, prefix: string): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [prefix + name, array]));
}

function parseRecord(text: string, path: string): ModelRecord {
  const damaged = (found: string) =>
    new AppError('bad-input', `The model's record is wrong: ${found}`, {
      subject: path,
      remedy: 'The file is damaged or was edited: train again, or take it from a backup.',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged('it is not JSON');
  }
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > modelFormat) {
    throw new AppError('unsupported', `The model is of format ${format}; this Swath reads ${modelFormat}`, {
      subject: path,
      remedy: 'Update Swath, or train again.',
    });
  }
  const parsed = modelRecordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`${issue?.path.join('.')}: ${issue?.message}`);
}
