/** Encoders that come from other projects. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { AppError, fromSystemError } from '../base/errors.ts';
import { encoderRecordSchema, encoderResultSchema } from '../contract/encoder.ts';
import { runFiles } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { Run } from '../contract/run.ts';
import { readSafetensors } from '../disk/safetensors.ts';
import { addRun, changeRun, listRuns } from '../store/runs.ts';
import { type Context, changed, newId, now, requireOpened, writable } from './context.ts';
import { runFolder } from './launch.ts';

/** Errors: not-found; bad-input for a file that is no encoder, or is damaged; exists when the project has it. */
export function addEncoder(ctx: Context, params: Params<'encoders.add'>): Run {
  const db = writable(ctx);
  const { path } = requireOpened(ctx);
  const file = resolve(params.file);
  const { record, result } = readOrigin(file);
  const runs = listRuns(db);
  const twin = runs.find((run) => run.id === record.run || run.params.importedRun === record.run);
  if (twin) {
    throw new AppError('exists', `The project has this encoder already, as run ${twin.id}`, {
      subject: file,
      remedy: 'Use that run.',
    });
  }
  const id = newId(ctx, record.method);
  const folder = runFolder(path, id);
  try {
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, join(folder, runFiles.encoder));
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw fromSystemError(error, folder) ?? error;
  }
  const run = db.transaction(() => {
    const { method, encoder, tile, seed } = record;
    const taken = { method, encoder, tile, importedFrom: file, importedRun: record.run };
    addRun(db, { id, kind: 'pretrain', method, params: taken, seed }, ctx.clock);
    return changeRun(db, id, {
      state: 'done',
      device: result.device,
      result: { ...result, run: id },
      note: `Imported from ${basename(file)}`,
      started: now(ctx),
      ended: now(ctx),
    });
  });
  ctx.emit({ type: 'run', run });
  changed(ctx, 'runs');
  return run;
}

function readOrigin(file: string) {
  const { metadata } = readSafetensors(file);
  const wrong = (found: string) =>
    new AppError('bad-input', `${file} ${found}`, {
      subject: file,
      remedy: 'Give a file that `swath export DIR --encoder RUN` wrote.',
    });
  if (metadata.swath !== 'encoder') throw wrong('is no encoder');
  const record = encoderRecordSchema.safeParse(parsed(metadata.record));
  if (!record.success) throw wrong('is an encoder that this Swath cannot read');
  const result = encoderResultSchema.safeParse(parsed(metadata.result));
  if (!result.success) throw wrong('does not say how it was trained');
  return { record: record.data, result: result.data };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}
