import type { App } from '../../state/app.svelte.ts';
import type { FileWish } from '../../state/window.svelte.ts';
import { t } from '../../texts/texts.ts';

export async function openProject(app: App, path: string): Promise<void> {
  await app.notices.attempt(t.start.failed.open, () => app.enter(() => app.project.open(path)));
}

export async function openSample(app: App): Promise<void> {
  await app.notices.attempt(t.start.failed.sample, () => app.enter(() => app.project.sample()));
}

export async function createProject(app: App, folder: string, name: string): Promise<void> {
  const folderName = `${name.replaceAll(/[\\/:*?"<>|]+/g, '-')}.swath`;
  const path = `${folder.replace(/[\\/]$/, '')}/${folderName}`;
  await app.notices.attempt(t.start.failed.create, () => app.enter(() => app.project.create(path, name)));
}

export async function closeProject(app: App): Promise<void> {
  await app.notices.attempt(t.start.failed.close, () => app.enter(() => app.project.close()));
}

/** Asks for files: with the system's own dialog where the host has one, else with ours. */
export async function ask(app: App, what: FileWish): Promise<void> {
  const { native } = app;
  if (!native || what === 'new-project') {
    app.window.opened = what;
    return;
  }
  if (what === 'open-project') {
    const [path] = await native.chooseFiles('project');
    if (path) await openProject(app, path);
    return;
  }
  const files = await native.chooseFiles('rasters');
  if (files.length > 0) await app.notices.attempt(t.scenes.adding, () => app.scenes.add(files));
}
