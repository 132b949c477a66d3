/**
 * Job: self-supervised pretraining of an encoder on unlabelled tiles. It writes the curves while it runs, a checkpoint
 * at every epoch and every minute, and in the end the encoder file and the record of the run.
 */
import { join } from 'node:path';
import { type Clock, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Encoder } from '../compute/encoders/encoder.ts';
import { under } from '../compute/layers/arrays.ts';
import type { Arrays } from '../compute/step.ts';
import { type EncoderRecord, encoderFormat } from '../contract/encoder.ts';
import { type PretrainJob, runFiles } from '../contract/jobs.ts';
import type { PretrainResult } from '../contract/run.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { openScenes } from '../feed/open.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { writeEncoderFile } from './encoderFile.ts';
import { type HeldDevice, holdDevice } from './heldDevice.ts';
import { assertRunFits } from './memoryOfRun.ts';
import { openMetrics } from './metricsLog.ts';
import { type Beginning, beginRun } from './pretrainBeginning.ts';
import { openData, type PretrainData, placesHash, warnAboutPlan } from './pretrainData.ts';
import { runSteps, totalSteps } from './pretrainLoop.ts';
import type { PretrainPlan } from './pretrainPlan.ts';
import { startWatch, type Watch } from './pretrainWatch.ts';
import { peakRssBytes } from './serve.ts';
import { appVersion, versions } from './versions.ts';

const checkpointMs = 60_000;
const progressMs = 250;

/** Errors: those of reading, of the settings (usage) and of the device; cancelled, with the state checkpointed. */
export async function pretrain(
  job: PretrainJob,
  context: JobContext,
  engine: Engine,
  clock: Clock = systemClock,
): Promise<PretrainResult> {
  const scenes = await openScenes(job.sources, job.regions);
  try {
    context.progress({ stage: 'prepare', done: 0, total: 1, unit: 'steps', rate: null, secondsLeft: null });
    const beginning = await beginRun(job, scenes, context);
    await assertRunFits({ ...beginning, scenes, job }, engine);
    const data = await openData(beginning.plan, beginning.normalisation, scenes);
    if (!job.resumeFolder) warnAboutPlan(beginning.plan, data.places, context);
    const watch = await startWatch({ ...beginning, scenes, data, fields: job.fields, engine, context });
    try {
      const { spec } = beginning.step;
      const wanted = job.params.device as DeviceChoice;
      const device = await holdDevice(engine, spec, beginning.state, wanted, context);
      try {
        return await run({ job, context, clock, beginning, data, watch, device });
      } finally {
        await device.dispose();
      }
    } finally {
      await watch.dispose();
    }
  } finally {
    await scenes.dispose();
  }
}

interface RunParts {
  readonly job: PretrainJob;
  readonly context: JobContext;
  readonly clock: Clock;
  readonly beginning: Beginning;
  readonly data: PretrainData;
  readonly watch: Watch;
  readonly device: HeldDevice;
}

async function run(parts: RunParts): Promise<PretrainResult> {
  const { job, context, clock, beginning, data, watch, device } = parts;
  const { plan, normalisation, step } = beginning;
  const total = totalSteps(plan);
  const log = openMetrics(context, beginning.rows);
  const started = clock.tick();
  const seconds = () => beginning.seconds + (clock.tick() - started) / 1000;
  const places = placesHash(job);
  let done = beginning.done;
  let saved = clock.tick();
  let told = Number.NEGATIVE_INFINITY;
  let trainingMs = 0;
  let ran = 0;
  let last = { state: beginning.state, resumesFrom: done };
  // Rows first: a checkpoint whose rows were lost would leave a gap in the curves.
  const save = (state: Arrays) => {
    log.flush();
    const at = { step: done, seconds: seconds(), places, versions };
    writeCheckpoint(context.folder, { plan, normalisation, ...at, state });
    saved = clock.tick();
    last = { state, resumesFrom: done };
  };
  const tell = () => {
    if (done < total && clock.tick() - told < progressMs) return;
    told = clock.tick();
    const rate = trainingMs > 0 ? (1000 * ran) / trainingMs : null;
    context.progress({
      stage: 'pretrain',
      done: done * plan.batch,
      total: total * plan.batch,
      unit: 'tiles',
      rate: rate === null ? null : rate * plan.batch,
      secondsLeft: rate === null ? null : (total - done) / rate,
    });
  };

  // The untrained encoder is the mark that training has to beat.
  if (done === 0) log.add(await watch.look(beginning.state, { step: 0, epoch: 0 }));
  const train = () =>
    runSteps({
      ...{ plan, step, batches: data.batches, from: done, signal: context.signal, clock },
      running: device.running,
      async after(report) {
        done = report.step;
        ran += 1;
        trainingMs += report.milliseconds;
        watch.note(report);
        const atEnd = done % plan.stepsPerEpoch === 0;
        const isDue = atEnd || clock.tick() - saved > checkpointMs;
        const state = isDue ? await device.running.readState() : null;
        log.add(state && atEnd ? await watch.look(state, report.row) : report.row);
        if (state) save(state);
        tell();
        if (atEnd && plan.stopOnCollapse) assertNotCollapsed(watch, report.row.epoch, plan);
      },
    });
  while (done < total) {
    try {
      await train();
    } catch (error) {
      // What is done is kept, whatever stopped it, unless the state itself went bad.
      if (context.signal.aborted && done > last.resumesFrom) save(await device.running.readState());
      log.flush();
      if (context.signal.aborted) throw error;
      await device.replace(error, { ...last, failedAfter: done });
      done = last.resumesFrom;
      log.rewind(done);
    }
  }
  log.flush();
  // The last step ends an epoch, which reads the state.
  const { state } = last;
  const result = resultOf(parts, seconds(), (ran * plan.batch * 1000) / trainingMs);
  const record = encoderRecordOf(job, beginning, context.id);
  const weights = encoderWeights(beginning.encoder, state);
  writeEncoderFile(join(context.folder, runFiles.encoder), { record, weights }, result);
  const { params, sources, regions } = job;
  const facts = { params, plan, sources, regions, normalisation, result };
  writeFileAtomic(join(context.folder, runFiles.record), `${JSON.stringify(facts, null, 2)}\n`);
  return result;
}

/** Errors: bad-input with the likely cause and the remedy, when all tiles have become one to the encoder. */
function assertNotCollapsed(watch: Watch, epoch: number, plan: PretrainPlan): void {
  const { collapse, collapseAdvice } = watch.summary();
  if (collapse !== 'full') return;
  throw new AppError('bad-input', `${plan.method} collapsed in epoch ${epoch}, and stopOnCollapse is set`, {
    subject: plan.method,
    remedy: collapseAdvice ?? undefined,
  });
}

/** Parameters and running statistics, names without prefix. */
function encoderWeights(encoder: Encoder, state: Arrays): Arrays {
  const all = under('encoder/', state);
  const names = [...Object.keys(encoder.parameters), ...Object.keys(encoder.statistics)];
  return Object.fromEntries(names.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

function encoderRecordOf(job: PretrainJob, beginning: Beginning, run: string): EncoderRecord {
  const { plan, normalisation, encoder } = beginning;
  return {
    format: encoderFormat,
    run,
    method: plan.method,
    encoder: plan.encoder,
    settings: { ...plan.encoderValues },
    normalisation,
    tile: plan.tile,
    receptiveField: encoder.receptiveField,
    halo: encoder.halo,
    stride: encoder.stride,
    dimension: encoder.dim,
    seed: plan.seed,
    steps: totalSteps(plan),
    scenes: job.sources.map((source) => source.scene),
    appVersion,
  };
}

function resultOf(parts: RunParts, seconds: number, tilesPerSecond: number): PretrainResult {
  const { beginning, context, device, watch } = parts;
  const { plan } = beginning;
  const { metrics, collapse, collapseAdvice } = watch.summary();
  return {
    run: context.id,
    method: plan.method,
    encoder: plan.encoder,
    device: device.running.device,
    deviceReason: device.running.deviceReason,
    fallbacks: device.fallbacks,
    seed: plan.seed,
    epochs: plan.epochs,
    steps: totalSteps(plan),
    seconds,
    tilesPerSecond: Number.isFinite(tilesPerSecond) ? tilesPerSecond : 0,
    peakRssBytes: peakRssBytes(),
    metrics,
    collapse,
    collapseAdvice,
    versions,
  };
}
