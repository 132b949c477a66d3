/** The whole app without a host: windows, command line and tests differ only in what they hand to `createApp`. */
import { availableParallelism, totalmem } from 'node:os';
import { systemClock } from '../base/clock.ts';
import type { SequencedEvent } from '../contract/events.ts';
import { type MethodName, methods, type Params, type Result } from '../contract/methods.ts';
import { parseCall } from '../contract/parse.ts';
import { createRunner } from '../jobs/runner.ts';
import { listModels } from '../store/models.ts';
import { listRegions } from '../store/regions.ts';
import { listRuns } from '../store/runs.ts';
import * as assessments from './assessments.ts';
import { handleBytes } from './bytes.ts';
import * as classes from './classes.ts';
import { type AppOptions, type Context, currentProject, readable, writable } from './context.ts';
import { createDeviceList } from './devices.ts';
import { diagnose } from './diagnostics.ts';
import * as editFields from './editFields.ts';
import * as embeddings from './embeddings.ts';
import { addEncoder } from './encoders.ts';
import { estimate } from './estimates.ts';
import { createExport } from './exports.ts';
import * as fields from './fields.ts';
import { listFolder } from './folder.ts';
import * as history from './history.ts';
import { labelCluster } from './labelCluster.ts';
import { importLabels, preview } from './labels.ts';
import * as learnCurve from './learnCurve.ts';
import { fit as fitLivePreview } from './livePreview.ts';
import * as maps from './maps.ts';
import { train } from './models.ts';
import * as pretraining from './pretrain.ts';
import { preview as previewViews } from './previews.ts';
import { closeProject, createNew, openExisting } from './project.ts';
import { projectionOf } from './projection.ts';
import { readRecent } from './recent.ts';
import * as regions from './regions.ts';
import * as runs from './runs.ts';
import { openSample } from './sample.ts';
import * as samples from './samples.ts';
import * as scenes from './scenes.ts';
import { searchScenes } from './searchScenes.ts';
import { openSettings } from './settings.ts';
import { classSpectra } from './spectra.ts';
import * as suggestions from './suggestions.ts';
import { wand } from './wand.ts';

export interface App {
  /** Checks the parameters and answers; rejects with an AppError. */
  call(method: string, params: unknown): Promise<unknown>;
  /** Returns its own unsubscriber. */
  subscribe(listener: (event: SequencedEvent) => void): () => void;
  handleBytes(request: Request): Promise<Response>;
  /** Ends what runs, closes the project. */
  dispose(): Promise<void>;
}

type Services = { readonly [M in MethodName]: (params: Params<M>) => Promise<Result<M>> | Result<M> };

export function createApp(options: AppOptions): App {
  const listeners = new Set<(event: SequencedEvent) => void>();
  let seq = 0;
  const ctx: Context = {
    options,
    clock: options.clock ?? systemClock,
    runner: createRunner({ spawn: options.spawn }),
    opened: null,
    emit(event) {
      seq += 1;
      for (const listener of listeners) {
        try {
          listener({ ...event, seq });
        } catch (error) {
          // A window that fails must not stop what the others hear, nor the work that tells of itself.
          options.log('error', 'A listener failed', { error: String(error) });
        }
      }
    },
  };
  const services = servicesOf(ctx);
  const oneAtATime = createTurns();
  return {
    async call(name, given) {
      const { method, params } = parseCall(name, given);
      const serve = services[method] as (params: Params<MethodName>) => unknown;
      if (methods[method].kind === 'query') return serve(params);
      // Commands one after another: two openings of projects, or two imports, must not interleave. A cancel cannot wait.
      if (method === 'runs.cancel') return serve(params);
      return oneAtATime(async () => {
        if (!outsideProject.has(method)) writable(ctx);
        return serve(params);
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    handleBytes: (request) => handleBytes(ctx, request),
    async dispose() {
      await closeProject(ctx);
      await ctx.runner.dispose();
      listeners.clear();
    },
  };
}

/** Commands that change no project: all others are refused, in this one place, when the project is read-only. */
const outsideProject: ReadonlySet<MethodName> = new Set([
  'project.create',
  'project.open',
  'project.close',
  'project.sample',
  'settings.change',
]);

function servicesOf(ctx: Context): Services {
  const { options } = ctx;
  const devices = createDeviceList(ctx);
  const settings = openSettings(options.paths.appData, ctx.clock, options.log);
  return {
    'app.info': () => ({
      version: options.version,
      platform: `${process.platform} ${process.arch}`,
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      capabilities: options.capabilities,
    }),
    'app.folder': ({ path }) => listFolder(path),
    'app.diagnostics': () => diagnose(ctx, settings.get().values),
    'devices.list': async () => [...(await devices())],
    'settings.get': () => settings.get(),
    'settings.change': (change) => {
      const changed = settings.change(change);
      ctx.emit({ type: 'settings', settings: changed });
      return changed;
    },

    'project.current': () => (ctx.opened ? currentProject(ctx) : null),
    'project.projection': () => ({ definition: projectionOf(ctx) }),
    'project.recent': () => readRecent(options.paths.appData),
    'project.create': (params) => createNew(ctx, params),
    'project.open': (params) => openExisting(ctx, params),
    'project.close': () => closeProject(ctx),
    'project.sample': () => openSample(ctx),

    'scenes.list': () => scenes.list(ctx),
    'scenes.add': (params) => scenes.add(ctx, params),
    'scenes.info': (params) => scenes.info(ctx, params),
    'scenes.remove': (params) => scenes.remove(ctx, params),
    'scenes.relink': (params) => scenes.relink(ctx, params),
    'scenes.search': (params) => searchScenes(ctx, params),
    'scenes.identify': (params) => scenes.identify(ctx, params),
    'scenes.spectra': (params) => classSpectra(ctx, params),
    'scenes.wand': (params) => wand(ctx, params),

    'regions.list': () => listRegions(readable(ctx)),
    'regions.add': (params) => regions.add(ctx, params),
    'regions.change': (params) => regions.change(ctx, params),
    'regions.remove': (params) => regions.remove(ctx, params),

    'classes.list': () => classes.list(ctx),
    'classes.save': (params) => classes.save(ctx, params),
    'classes.remove': (params) => classes.remove(ctx, params),

    'fields.list': (params) => fields.list(ctx, params),
    'fields.add': (params) => fields.add(ctx, params),
    'fields.change': (params) => fields.change(ctx, params),
    'fields.remove': (params) => fields.remove(ctx, params),
    'fields.brush': (params) => editFields.brush(ctx, params),
    'fields.erase': (params) => editFields.erase(ctx, params),
    'fields.merge': (params) => editFields.merge(ctx, params),
    'fields.split': (params) => editFields.split(ctx, params),
    'labels.preview': (params) => preview(ctx, params),
    'labels.import': (params) => importLabels(ctx, params),

    'history.state': () => history.state(ctx),
    'history.undo': () => history.step(ctx, 'undo'),
    'history.redo': () => history.step(ctx, 'redo'),

    'runs.list': () => listRuns(readable(ctx)),
    'runs.get': ({ run }) => runs.get(ctx, run),
    'runs.metrics': (params) => runs.metrics(ctx, params),
    'runs.estimate': (params) => estimate(ctx, params),
    'runs.preview': (params) => previewViews(ctx, params),
    'runs.pretrain': (params) => pretraining.start(ctx, params),
    'runs.cancel': (params) => runs.cancel(ctx, params),
    'runs.note': (params) => runs.note(ctx, params),

    'models.list': () => listModels(readable(ctx)),
    'models.train': (params) => train(ctx, params),

    'maps.list': () => maps.list(ctx),
    'maps.create': (params) => maps.create(ctx, params),
    'maps.remove': (params) => maps.remove(ctx, params),

    'samples.list': () => samples.list(ctx),
    'samples.design': (params) => samples.design(ctx, params),
    'samples.draw': (params) => samples.draw(ctx, params),
    'samples.label': (params) => samples.label(ctx, params),
    'embeddings.create': (params) => embeddings.create(ctx, params),
    'embeddings.label': (params) => labelCluster(ctx, params),
    'suggestions.create': (params) => suggestions.create(ctx, params),

    'livePreview.fit': (params) => fitLivePreview(ctx, params),

    'assessments.list': () => assessments.list(ctx),
    'assessments.create': (params) => assessments.create(ctx, params),

    'learnCurve.create': (params) => learnCurve.create(ctx, params),

    'exports.create': (params) => createExport(ctx, params),
    'encoders.add': (params) => addEncoder(ctx, params),
  };
}

/** Runs tasks in the order they came, each after the one before has ended, well or badly. */
function createTurns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task, task);
    last = turn.catch(() => {});
    return turn;
  };
}
