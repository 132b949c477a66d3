import { AppError } from '../base/errors.ts';
import { headCard } from '../contract/catalog/heads.ts';
import { resolveParameters } from '../contract/catalog/parameters.ts';
import type { TrainParams } from '../contract/methods.ts';
import type { Run, TrainResult } from '../contract/run.ts';
import type { Scene } from '../contract/scene.ts';
import { listClasses } from '../store/classes.ts';
import { listFields } from '../store/fields.ts';
import { addModel } from '../store/models.ts';
import { getScene, listScenes } from '../store/scenes.ts';
import { type Context, currentProject, newId, now, readable, requireOpened } from './context.ts';
import { labelsKey } from './labelsKey.ts';
import { launch } from './launch.ts';
import { pixelFields } from './pixels.ts';
import { encoderFileOf } from './pretrain.ts';
import { sourceOf } from './sceneFiles.ts';

/** Queues the training of a head. Errors: `bad-input` when fewer than two classes are labelled on the scene; `usage` for a setting that the head has not. */
export function train(ctx: Context, params: TrainParams): Run {
  const db = readable(ctx);
  const project = currentProject(ctx);
  const encoderFile = params.encoder === 'none' ? null : encoderFileOf(ctx, params.encoder);
  const all = listFields(db).filter((field) => field.role !== 'accuracy');
  const scenes = params.scene === undefined ? listScenes(db) : [getScene(db, params.scene)];
  // Without a word, the scene with the most labels.
  const labelled = scenes
    .map((scene) => ({ scene, fields: pixelFields(project, all, scene) }))
    .sort((a, b) => b.fields.length - a.fields.length)[0];
  if (!labelled)
    throw new AppError('not-found', 'The project has no scene', { remedy: 'Add a scene first.' });
  const card = headCard(params.head);
  resolveParameters(card.name, card.parameters, params.set ?? {});
  assertLabels(labelled.scene, new Set(labelled.fields.map((field) => field.classCode)));
  const model = newId(ctx, params.encoder === 'none' ? 'bands' : 'model');
  const source = sourceOf(requireOpened(ctx).path, labelled.scene);
  const classes = listClasses(db);
  return launch(ctx, {
    kind: 'train',
    method: params.head,
    params: { ...params, scene: labelled.scene.id, labels: labelsKey(labelled.fields) },
    seed: params.seed,
    lane: 'heavy',
    job: () => ({
      kind: 'train',
      params,
      source,
      encoderFile,
      fields: labelled.fields,
      classes,
      model,
    }),
    record: (tx, result, run) => {
      addModel(tx, {
        id: model,
        run: run.id,
        encoder: params.encoder,
        head: params.head,
        scene: labelled.scene.id,
        result: result as TrainResult,
        created: now(ctx),
      });
    },
  });
}

function assertLabels(scene: Scene, codes: ReadonlySet<number>): void {
  if (codes.size >= 2) return;
  throw new AppError(
    'bad-input',
    codes.size === 0
      ? `No labelled field lies on scene ${scene.id}`
      : `Only class ${[...codes].join()} is labelled on scene ${scene.id}, and a map needs two`,
    { subject: scene.id, remedy: 'Label fields of at least two classes, or import labels.' },
  );
}
