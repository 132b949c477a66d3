/**
 * A pretrained encoder as one file: its weights and running statistics, and the record that says how to use them.
 * Training, mapping and `--from` read it.
 */
import { AppError } from '../base/errors.ts';
import type { Arrays } from '../compute/step.ts';
import { type EncoderRecord, encoderFormat, encoderRecordSchema } from '../contract/encoder.ts';
import type { PretrainResult } from '../contract/run.ts';
import { readSafetensors, writeSafetensors } from '../disk/safetensors.ts';

export interface EncoderFile {
  readonly record: EncoderRecord;
  /** Names as in the training state, without a prefix for the network. */
  readonly weights: Arrays;
}

/** Writes the file whole or not at all. */
export function writeEncoderFile(
  path: string,
  { record, weights }: EncoderFile,
  result: PretrainResult | null = null,
): void {
  writeSafetensors(path, weights, {
    swath: 'encoder',
    record: JSON.stringify(record),
    // What another project shows of it once it is taken in there.
    ...(result ? { result: JSON.stringify(result) } : {}),
  });
}

/** Errors: not-found; bad-input when damaged or no encoder; unsupported for a newer format. */
export function readEncoderFile(path: string): EncoderFile {
  const { tensors, metadata } = readSafetensors(path);
  if (metadata.swath !== 'encoder' || metadata.record === undefined) {
    throw new AppError('bad-input', 'The file is no encoder', {
      subject: path,
      remedy: 'Choose the encoder.safetensors of a finished pretraining run.',
    });
  }
  const weights = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (!(data instanceof Float32Array))
      throw new AppError('bad-input', `Weight ${name} of the encoder is not float32`, { subject: path });
    return [name, { shape, data }] as const;
  });
  return { record: parseRecord(metadata.record, path), weights: Object.fromEntries(weights) };
}

function parseRecord(text: string, path: string): EncoderRecord {
  const json: unknown = JSON.parse(text);
  const format = (json as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > encoderFormat) {
    throw new AppError(
      'unsupported',
      `The encoder is of format ${format}; this Swath reads ${encoderFormat}`,
      {
        subject: path,
        remedy: 'Update Swath, or pretrain again.',
      },
    );
  }
  const parsed = encoderRecordSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError(
    'bad-input',
    `The encoder's record is wrong at ${issue?.path.join('.')}: ${issue?.message}`,
    {
      subject: path,
      remedy: 'The file is damaged or was edited: pretrain again, or take it from a backup.',
    },
  );
}
