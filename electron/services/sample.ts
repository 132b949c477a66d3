import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromSystemError } from '../base/errors.ts';
import { classSchema } from '../contract/labels.ts';
import type { Project } from '../contract/project.ts';
import { listClasses } from '../store/classes.ts';
import { listScenes } from '../store/scenes.ts';
import { save } from './classes.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { importLabels } from './labels.ts';
import { closeProject, createNew, openExisting } from './project.ts';
import { add } from './scenes.ts';

const classFile = classSchema.omit({ key: true }).array();

/** The scene, its labels and the names of their codes, as they lie in `resources/sample`. */
export function sampleFiles(resources: string) {
  const folder = join(resources, 'sample');
  return {
    scene: join(folder, 'flevoland-west.tif'),
    labels: join(folder, 'flevoland-west-labels.tif'),
    classes: () =>
      classFile
        .parse(JSON.parse(readFileSync(join(folder, 'classes.json'), 'utf8')))
        .map((c, i) => ({ ...c, key: i < 9 ? String(i + 1) : null })),
  };
}

/**
 * Opens the sample project in the app's own folder; made there at the first call, with its scene, classes and labelled
 * fields. What the user did to it stays. A making that was cut short is made again.
 */
export async function openSample(ctx: Context): Promise<Project> {
  const path = join(ctx.options.paths.appData, 'Sample.swath');
  const sample = sampleFiles(ctx.options.paths.resources);
  if (existsSync(join(path, 'project.gpkg'))) {
    const project = await openExisting(ctx, { path });
    const whole = listScenes(readable(ctx)).length > 0 && listClasses(readable(ctx)).length > 0;
    if (whole || !project.writable) return project;
    await closeProject(ctx);
    rmSync(path, { recursive: true });
  }
  // The raster moves into the project's neighbourhood: a packaged app's resources may be replaced by an update.
  const scene = join(ctx.options.paths.appData, 'flevoland-west.tif');
  try {
    mkdirSync(ctx.options.paths.appData, { recursive: true });
    copyFileSync(sample.scene, scene);
  } catch (error) {
    throw fromSystemError(error, ctx.options.paths.appData) ?? error;
  }
  await createNew(ctx, { path, name: 'Sample: Flevoland' });
  const { run } = await add(ctx, {
    files: [scene],
    name: 'Flevoland west',
    date: '1989-08-16',
    sensor: 'polsar-t3',
  });
  save(ctx, { classes: sample.classes() });
  await importLabels(ctx, { file: sample.labels, classField: 'value', role: 'train' });
  // The first image is shown with its stretch, not black: a second, once.
  await requireOpened(ctx).active.get(run);
  return currentProject(ctx);
}
