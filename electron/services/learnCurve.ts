import { basename, extname } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { CurveFeatures, PixelField } from '../contract/jobs.ts';
import type { LearnCurveParams } from '../contract/methods.ts';
import type { CurveHead, Run } from '../contract/run.ts';
import type { Scene } from '../contract/scene.ts';
import { listClasses } from '../store/classes.ts';
import { listFields } from '../store/fields.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { repair } from '../vector/repair.ts';
import { codeClasses } from './classCodes.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { inProject, readLabels } from './labelFile.ts';
import { assertColumn } from './labels.ts';
import { launch } from './launch.ts';
import { type LabelledShape, pixelFields } from './pixels.ts';
import { encoderFileOf } from './pretrain.ts';
import { sourceOf } from './sceneFiles.ts';

/** What an analyst has without pretraining. */
const baselineHeads: readonly CurveHead[] = ['linear', 'random-forest', 'svm'];

/** Queues a learning curve. Errors: `bad-input` when fewer than two classes of the reference lie on the scene. */
export async function create(ctx: Context, params: LearnCurveParams): Promise<Run> {
  const project = currentProject(ctx);
  const features = featuresOf(ctx, params);
  const db = readable(ctx);
  const scenes = params.scene === undefined ? listScenes(db) : [getScene(db, params.scene)];
  const all = params.reference
    ? await referenceFields(ctx, params.reference, params.scene)
    : listFields(db).filter((field) => field.role !== 'accuracy');
  // Without a word, the scene with the most labels.
  const [most] = scenes
    .map((scene) => ({ scene, fields: pixelFields(project, all, scene) }))
    .sort((a, b) => b.fields.length - a.fields.length);
  if (!most) throw new AppError('not-found', 'The project has no scene', { remedy: 'Add a scene first.' });
  assertTwoClasses(most.scene, most.fields, params.reference?.file);
  const source = sourceOf(requireOpened(ctx).path, most.scene);
  const { shots, seeds, split, device } = params;
  return launch(ctx, {
    kind: 'learn-curve',
    method: null,
    params: { ...params, scene: most.scene.id },
    seed: null,
    lane: 'heavy',
    job: () => ({
      kind: 'learn-curve',
      source,
      fields: most.fields,
      features,
      shots: [...new Set(shots)].sort((a, b) => a - b),
      seeds,
      split,
      device,
    }),
  });
}

function featuresOf(ctx: Context, { encoders, heads }: LearnCurveParams): CurveFeatures[] {
  return [...new Set(encoders)].flatMap((id): CurveFeatures[] =>
    id === 'none'
      ? ['raw', 'statistics'].map((kind) => ({ id: kind, encoderFile: null, heads: baselineHeads }))
      : [{ id, encoderFile: encoderFileOf(ctx, id), heads: [...new Set(heads)] }],
  );
}

/** The areas of a file as labelled fields of this one comparison; the project's own classes stay as they are. */
async function referenceFields(
  ctx: Context,
  reference: NonNullable<LearnCurveParams['reference']>,
  scene: string | undefined,
): Promise<LabelledShape[]> {
  const labels = await readLabels(ctx, reference.file, scene);
  const column = reference.classField ?? (labels.kind === 'raster' ? 'value' : undefined);
  const name = basename(labels.file, extname(labels.file));
  if (column === undefined) {
    throw new AppError('usage', `The class field of ${basename(labels.file)} is missing`, {
      subject: labels.file,
      remedy: `Name one of ${labels.layer.fields.map((f) => f.name).join(', ')}.`,
    });
  }
  assertColumn(labels, column);
  const { features } = repair(inProject(ctx, labels, scene));
  const values = features.map(({ properties }) => properties[column]);
  const { codeOf } = codeClasses(values, listClasses(readable(ctx)), undefined);
  return features.flatMap(({ geometry, properties }, i): LabelledShape[] => {
    const coded = codeOf(properties[column]);
    if (geometry.type === 'Point' || 'reason' in coded) return [];
    return [{ id: `${name}-${i + 1}`, geometry, classCode: coded.code, role: 'train', scene: scene ?? null }];
  });
}

function assertTwoClasses(scene: Scene, fields: readonly PixelField[], file: string | undefined): void {
  const codes = new Set(fields.map((field) => field.classCode));
  if (codes.size >= 2) return;
  throw new AppError(
    'bad-input',
    `A learning curve needs labels of two classes on scene ${scene.id}; ${file ?? 'the project'} has ${codes.size === 0 ? 'none' : `only class ${[...codes].join()}`}`,
    { subject: file ?? scene.id, remedy: 'Label fields of at least two classes, or give a reference file.' },
  );
}
