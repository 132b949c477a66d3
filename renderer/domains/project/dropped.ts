import { markerName } from '../../../electron/contract/project.ts';
import type { App } from '../../state/app.svelte.ts';
import { isRaster, isVector } from '../../state/folders.ts';
import { t } from '../../texts/texts.ts';
import { openProject } from './projectFiles.ts';

export type Dropped =
  | { readonly kind: 'project'; readonly path: string }
  | { readonly kind: 'rasters' | 'vectors'; readonly paths: readonly string[] }
  | { readonly kind: 'unknown'; readonly names: readonly string[] };

/** What a handful of paths (or names) is: one project, else rasters, else vectors; what is neither is named. */
export function sortDropped(paths: readonly string[]): Dropped {
  const project = paths.map(projectOf).find((path) => path !== undefined);
  if (project !== undefined) return { kind: 'project', path: project };
  const rasters = paths.filter(isRaster);
  if (rasters.length > 0) return { kind: 'rasters', paths: rasters };
  const vectors = paths.filter(isVector);
  if (vectors.length > 0) return { kind: 'vectors', paths: vectors };
  return { kind: 'unknown', names: paths.map((path) => path.split(/[\\/]/).at(-1) ?? path) };
}

/** The project folder that a path means: itself, or what lies inside it to be opened by. */
function projectOf(path: string): string | undefined {
  const [, folder, name] = /^(.*?)[\\/]?([^\\/]+)[\\/]?$/.exec(path) ?? [];
  if (name === undefined || folder === undefined) return undefined;
  if (name === markerName || name === 'project.gpkg') return folder || undefined;
  return name.endsWith('.swath') ? path : undefined;
}

/**
 * Takes what was dropped on the window: a project is opened, rasters become scenes, vectors are offered for import. A
 * browser does not tell where a file lies; there the chooser opens, and says why.
 */
export async function takeDropped(app: App, files: readonly { readonly name: string }[]): Promise<void> {
  const { native } = app;
  const dropped = sortDropped(files.map((file) => (native ? native.pathForFile(file) : file.name)));
  if (dropped.kind === 'unknown') {
    app.notices.tell(t.start.drop.unknown(dropped.names.join(', ')), 'warn');
    return;
  }
  if (!native) app.notices.tell(t.start.drop.noPath(files.map((file) => file.name).join(', ')));
  if (dropped.kind === 'project') {
    if (native) await openProject(app, dropped.path);
    else app.window.opened = 'open-project';
    return;
  }
  if (!app.project.current) {
    app.notices.tell(t.start.drop.needProject, 'warn');
    app.window.opened = 'new-project';
  } else if (dropped.kind === 'vectors') {
    app.window.dropped = native ? (dropped.paths[0] ?? null) : null;
    app.window.opened = 'import-labels';
  } else if (native) await app.notices.attempt(t.scenes.adding, () => app.scenes.add(dropped.paths));
  else app.window.opened = 'add-scene';
}
