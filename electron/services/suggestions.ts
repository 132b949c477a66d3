import { join } from 'node:path';
import type { SuggestParams } from '../contract/guidance.ts';
import { runFiles } from '../contract/jobs.ts';
import type { Run } from '../contract/run.ts';
import { listClasses } from '../store/classes.ts';
import { listFields } from '../store/fields.ts';
import { getModel } from '../store/models.ts';
import { getScene } from '../store/scenes.ts';
import { type Context, currentProject, readable } from './context.ts';
import { launch, runFolder } from './launch.ts';
import { geotransformIn, liesIn, pixelFields, shapesIn } from './pixels.ts';
import { sourceOf } from './sceneFiles.ts';

/** Queues the search for places to label, and for labels to look at again. */
export function create(ctx: Context, params: SuggestParams): Run {
  const db = readable(ctx);
  const project = currentProject(ctx);
  const model = getModel(db, params.model);
  const scene = getScene(db, params.scene ?? model.scene);
  const fields = listFields(db).filter((field) => liesIn(project, field, scene));
  const unlabelled = fields.filter((field) => field.classCode === null);
  const labelled = pixelFields(project, fields, scene);
  const source = sourceOf(project.path, scene);
  const classes = listClasses(db);
  return launch(ctx, {
    kind: 'suggest',
    method: null,
    params: { ...params, scene: scene.id },
    seed: null,
    lane: 'heavy',
    job: () => ({
      kind: 'suggest',
      params,
      source,
      modelFile: join(runFolder(project.path, model.run), runFiles.model),
      labelled,
      unlabelled: shapesIn(project, unlabelled, scene),
      classes,
      transform: geotransformIn(project, scene),
    }),
  });
}
