/** Job kind → body. Each is loaded when it is asked for, so that statistics do not wait for a compute engine. */
import type { Engine } from '../engine/types.ts';
import type { Bodies } from './serve.ts';

/** `cacheFolder` is the user's: what `auto` measured is remembered there, per machine. */
export function createBodies(cacheFolder: string | undefined): Bodies {
  const engine = async (): Promise<Engine> =>
    (await import('../engine/engine.ts')).createEngine(cacheFolder === undefined ? {} : { cacheFolder });
  return {
    statistics: async (job, context) =>
      (await import('./statistics.ts')).computeSceneStatistics(job, context),
    overviews: async (job, context) => (await import('./overviews.ts')).buildSceneOverviews(job, context),
    pretrain: async (job, context) => (await import('./pretrain.ts')).pretrain(job, context, await engine()),
    estimate: async (job, context) =>
      (await import('./estimateRun.ts')).estimateRun(job, context, await engine()),
    preview: async (job, context) => (await import('./preview.ts')).previewViews(job, context),
    train: async (job, context) => (await import('./train.ts')).trainModel(job, context, await engine()),
    map: async (job, context) => (await import('./map.ts')).mapScene(job, context, await engine()),
    assess: async (job, context) => (await import('./assess.ts')).assessMap(job, context),
    suggest: async (job, context) => (await import('./suggest.ts')).suggest(job, context, await engine()),
    embed: async (job, context) => (await import('./embed.ts')).embedScene(job, context, await engine()),
    'live-preview': async (job, context) => (await import('./livePreview.ts')).livePreview(job, context),
    sample: async (job, context) => (await import('./sample.ts')).drawSample(job, context),
    'learn-curve': async (job, context) =>
      (await import('./learnCurve.ts')).measureLearnCurve(job, context, await engine()),
    vectorise: async (job, context) => (await import('./vectorise.ts')).vectorise(job, context),
    'export-model': async (job, context) =>
      (await import('./exportModel.ts')).exportModel(job, context, await engine()),
    'export-encoder': async (job, context) =>
      (await import('./exportEncoder.ts')).exportEncoder(job, context, await engine()),
    bench: async (job, context) => (await import('./bench/bench.ts')).bench(job, context, await engine()),
    devices: async () => (await engine()).devices(),
  };
}
