/** The whole job on the sample scene, as `npm run demo` shows it; every figure comes out of the run itself. */
import { AppError } from '../../base/errors.ts';
import type { StatisticsResult } from '../../contract/jobs.ts';
import type {
  AssessResult,
  LearnCurveResult,
  MapResult,
  PretrainResult,
  Run,
  TrainResult,
} from '../../contract/run.ts';
import { sampleFiles } from '../../services/sample.ts';
import { resourcesFolder } from '../places.ts';
import type { Cli } from './command.ts';
import { curveTable, curveVerdicts } from './curveText.ts';
import type { Session } from './session.ts';
import { duration, mebibytes, table } from './table.ts';

/** Sized for a busy laptop: a hundred steps are 1 to 3 minutes on two cores, and twice as many gain nothing on this scene. */
const epochs = 2;
const labelsPerClass = 10;
const seed = 0;
/** Draws of fields and labels that the comparison with the classical baselines is repeated over: half a minute. */
const seeds = 10;

export interface DemoReport {
  readonly project: string;
  readonly map: string;
  readonly report: string | null;
  readonly seconds: number;
  readonly stages: readonly {
    readonly stage: string;
    readonly seconds: number;
    readonly peakRssBytes: number;
  }[];
  readonly results: readonly {
    readonly features: string;
    readonly oa: number;
    readonly kappa: number;
    readonly macroF1: number;
    readonly testFields: number;
    readonly testPixels: number;
  }[];
  readonly curve: LearnCurveResult;
  readonly heldOut: AssessResult;
}

/** Errors: those of every stage; nothing is caught. */
export async function runDemo(cli: Cli, folder: string): Promise<DemoReport> {
  const session = await cli.open(null);
  const { client } = session;
  const began = performance.now();
  const stages: DemoReport['stages'][number][] = [];
  const stage = async <T>(name: string, work: () => Promise<Measured<T>>): Promise<T> => {
    cli.note(`▸ ${name}`);
    const start = performance.now();
    const { result, peakRssBytes } = await work();
    stages.push({ stage: name, seconds: (performance.now() - start) / 1000, peakRssBytes });
    return result;
  };

  const sample = sampleFiles(resourcesFolder());
  const project = await client.call('project.create', { path: folder, name: 'Demo: Flevoland' });
  await stage('scene and statistics', () => addScene(session, sample.scene));
  await stage('labels', async () => {
    await client.call('classes.save', { classes: sample.classes() });
    const imported = await client.call('labels.import', { file: sample.labels, classField: 'value' });
    return { result: imported, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
  });
  const encoder = await stage(`pretrain, VICReg, ${epochs} epochs`, () =>
    finished<PretrainResult>(session, client.call('runs.pretrain', { method: 'vicreg', epochs, seed })),
  );
  const pretrained = await stage(`train on the encoder, ${labelsPerClass} labels per class`, () =>
    trainOn(session, encoder.run),
  );
  const raw = await stage(`train on raw bands, ${labelsPerClass} labels per class`, () =>
    trainOn(session, 'none'),
  );
  const curve = await stage(`compare over ${seeds} seeds`, () =>
    finished<LearnCurveResult>(
      session,
      client.call('learnCurve.create', { encoders: [encoder.run, 'none'], shots: [labelsPerClass], seeds }),
    ),
  );
  const map = await stage('map every pixel', () =>
    finished<MapResult>(session, client.call('maps.create', { model: pretrained.model })),
  );
  const heldOut = await stage('assess on the held-out fields', () =>
    finished<AssessResult>(
      session,
      client.call('assessments.create', { map: map.map, reference: { from: 'held-out' } }),
    ),
  );
  return {
    project: project.path,
    map: map.out,
    report: heldOut.report,
    seconds: (performance.now() - began) / 1000,
    stages,
    results: [row(`pretrained (${encoder.method})`, pretrained), row('raw bands', raw)],
    curve,
    heldOut,
  };
}

/** What a stage gave, and the most memory that the process which did it has held. */
interface Measured<T> {
  readonly result: T;
  readonly peakRssBytes: number;
}

async function finished<T>(
  session: Session,
  started: Promise<Run | { readonly run: string }>,
): Promise<Measured<T>> {
  const run = await started;
  const { result } = await session.finish('id' in run ? run.id : run.run);
  return { result: result as T, peakRssBytes: Number(result?.peakRssBytes) };
}

function addScene(session: Session, file: string): Promise<Measured<StatisticsResult>> {
  const scene = session.client.call('scenes.add', { files: [file], sensor: 'polsar-t3', date: '1989-08-16' });
  return finished(session, scene);
}

function trainOn(session: Session, encoder: string): Promise<Measured<TrainResult>> {
  const run = session.client.call('models.train', { encoder, perClass: labelsPerClass, seed });
  return finished(session, run);
}

function row(features: string, trained: TrainResult): DemoReport['results'][number] {
  const estimate = trained.transferEstimate;
  if (!estimate) throw new AppError('internal', `No fields were held out: ${trained.transferNote ?? ''}`);
  const { oa, kappa, macroF1, testFields, testPixels } = estimate;
  return { features, oa, kappa, macroF1, testFields, testPixels };
}

export function demoText(report: DemoReport): string {
  const total = Math.max(...report.stages.map((s) => s.peakRssBytes));
  const stages = report.stages.map((s) => [s.stage, duration(s.seconds), mebibytes(s.peakRssBytes)]);
  const score = (value: number) => value.toFixed(3);
  const [first] = report.results;
  return [
    '',
    table(['stage', 'time', 'peak memory'], [...stages, ['all', duration(report.seconds), mebibytes(total)]]),
    '',
    `${labelsPerClass} labels per class; ${first?.testFields ?? 0} held-out fields, ${first?.testPixels ?? 0} pixels (a transfer estimate, not the accuracy of the map):`,
    '',
    table(
      ['features', 'overall accuracy', 'kappa', 'macro F1'],
      report.results.map((r) => [r.features, score(r.oa), score(r.kappa), score(r.macroF1)]),
    ),
    '',
    `Mean ± standard deviation over ${report.curve.seeds} seeds:`,
    '',
    curveTable(report.curve),
    ...curveVerdicts(report.curve),
    '',
    `Map      ${report.map}`,
    `Report   ${report.report ?? '–'}`,
    `Project  ${report.project}`,
  ].join('\n');
}
