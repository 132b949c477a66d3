/** Job: labelled fields → a head on features, with an estimate of how it does on fields it never saw. */

import { join } from 'node:path';
import { must } from '../base/assert.ts';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { runFiles, type TrainJob } from '../contract/jobs.ts';
import type { ClassDef } from '../contract/labels.ts';
import { modelFormat } from '../contract/model.ts';
import type { TrainResult } from '../contract/run.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openPhysical } from '../feed/units.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { RasterReader } from '../raster/types.ts';
import { drawBalanced, drawPerClass, pixelsByField, pixelsPerClass } from './draw.ts';
import { readEncoderFile } from './encoderFile.ts';
import { estimateTransfer } from './estimate.ts';
import type { FeatureMaker } from './features.ts';
import { fitFinetune } from './finetune.ts';
import { codeOf, codesOf, fitFrozen } from './fitted.ts';
import { rowsOf } from './heads/rows.ts';
import { collectLabelledPixels } from './labelledPixels.ts';
import { writeModelFile } from './modelFile.ts';
import { fitNovelty } from './novelty.ts';
import { planSplit } from './protocol.ts';
import { rawMaker } from './rawBands.ts';
import { encoderRecipe, joinedRecipe, rawRecipe } from './recipes.ts';
import { peakRssBytes } from './serve.ts';

const transductive =
  'Unlabelled pretraining may have seen the whole scene, test fields included (transductive).';

/**
 * Errors: bad-input for labels of fewer than two classes or none on the scene; usage for fine-tuning without an encoder;
 * those of the encoder file, the scene and the engine; cancelled.
 */
export async function trainModel(job: TrainJob, context: JobContext, engine: Engine): Promise<TrainResult> {
  const started = systemClock.tick();
  const { head: kind, seed, perClass = null, set = {} } = job.params;
  const device = job.params.device as DeviceChoice;
  const fields = job.fields.filter((field) => field.role !== 'accuracy' && field.scene === job.source.scene);
  assertTeachable(job, fields);
  const reader = await openPhysical(job.source);
  try {
    const maker = await featureMaker(job, reader, context.signal);
    const pixels = await collectLabelledPixels(maker, fields, {
      reader,
      engine,
      device,
      context,
    });
    const plan = planSplit(pixels.fields, perClass, seed);
    const byField = pixelsByField(pixels);
    const draw = (from: readonly number[]) =>
      perClass === null
        ? drawBalanced(pixels, byField, from, pixelsPerClass[kind], seed)
        : drawPerClass(pixels, byField, from, perClass, seed);

    const learn =
      kind === 'finetune'
        ? fitFinetune({ pixels, maker, fields, reader, engine, device, context }, seed, set)
        : fitFrozen(pixels, maker, kind, seed, context.signal, set);
    const drawn = draw(plan.fit);
    const codes = codesOf(pixels, drawn);
    if (codes.length < 2) throw tooFewClasses(job, codes);
    const kept = await learn(drawn);
    const asked = await estimateTransfer(
      { pixels, plan, byField, draw, learn, kept, perClass, seed },
      context,
    );
    const { head } = kept;
    const record = {
      format: modelFormat,
      model: job.model,
      run: context.id,
      head: kind,
      settings: head.settings,
      recipe: maker.recipe,
      normalisation: maker.normalisation,
      encoder: maker.encoder?.record ?? null,
      temperature: asked?.calibration?.temperature ?? 1,
      classes: codes.map((code) => classOf(job.classes, code)),
      scene: job.source.scene,
      seed,
    } as const;
    writeModelFile(join(context.folder, runFiles.model), {
      record,
      encoder: kept.maker.encoder?.weights ?? {},
      head: head.arrays,
      novelty: fitNovelty(rowsOf({ ...pixels, features: kept.features }, drawn, codes), seed)?.arrays ?? {},
    });
    const counts = Map.groupBy(drawn, (i) => codeOf(pixels, i));
    return {
      model: job.model,
      run: context.id,
      encoder: job.params.encoder,
      head: kind,
      labels: codes.map((code) => ({ code, count: counts.get(code)?.length ?? 0 })),
      transferEstimate: asked && {
        ...asked.estimate,
        protocol: maker.encoder ? `${asked.estimate.protocol} ${transductive}` : asked.estimate.protocol,
      },
      calibration: asked?.calibration ?? null,
      transferNote: plan.note,
      seconds: (systemClock.tick() - started) / 1000,
      peakRssBytes: peakRssBytes(),
      heldOut: plan.heldOut.map((f) => must(pixels.fields[f], 'field').id),
    };
  } finally {
    await reader.dispose();
  }
}

async function featureMaker(job: TrainJob, reader: RasterReader, signal: AbortSignal): Promise<FeatureMaker> {
  if (job.encoderFile === null) return rawMaker(reader, job.source.sensor, rawRecipe, signal);
  const { record, weights } = readEncoderFile(job.encoderFile);
  return {
    recipe: job.params.head === 'linear' ? joinedRecipe(job.fields) : encoderRecipe(job.fields),
    normalisation: record.normalisation,
    encoder: { record, weights },
  };
}

function classOf(classes: readonly ClassDef[], code: number): ClassDef {
  return classes.find((c) => c.code === code) ?? { code, name: `class ${code}`, color: '#888888', key: null };
}

function assertTeachable(job: TrainJob, fields: TrainJob['fields']): void {
  const codes = [...new Set(fields.filter((f) => f.role === 'train').map((f) => f.classCode))];
  if (codes.length < 2) throw tooFewClasses(job, codes);
}

function tooFewClasses(job: TrainJob, codes: readonly number[]): AppError {
  const names = codes.map((code) => classOf(job.classes, code).name).join(', ');
  return new AppError(
    'bad-input',
    codes.length === 0
      ? 'No field on this scene has the role “train” and a class'
      : `Training fields of only one class are on this scene (${names})`,
    {
      subject: job.source.scene,
      remedy: 'Label fields of at least two classes, better two or more fields of each.',
    },
  );
}
