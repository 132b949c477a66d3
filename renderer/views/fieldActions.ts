import type { KeyCommandId } from '../../electron/contract/catalog/keys.ts';
import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { stepInTime } from '../state/timeline.ts';
import { t } from '../texts/texts.ts';
import type { Action } from './commands.ts';
import { mergeSelected, pasteFields } from './mapActions.ts';

type Actions<K extends KeyCommandId> = Readonly<Record<K, Action>>;

/** Commands on the fields that are selected, copied or in view. */
export function fieldActionsOf(
  app: App,
  door: MapDoor,
): Actions<
  | 'smaller-brush'
  | 'larger-brush'
  | 'snapping'
  | 'select-all'
  | 'copy-fields'
  | 'paste-fields'
  | 'paste-in-hand'
  | 'merge-fields'
> {
  const labelling = () => Boolean(app.project.current?.writable) && app.window.stage === 'label';
  const brushing = () => labelling() && (app.window.tool === 'brush' || app.window.tool === 'eraser');
  return {
    'smaller-brush': {
      available: brushing,
      run: () => app.window.setBrushRadius(app.window.brushRadius / 1.25),
    },
    'larger-brush': {
      available: brushing,
      run: () => app.window.setBrushRadius(app.window.brushRadius * 1.25 + 1),
    },
    snapping: { available: labelling, run: () => app.window.setSnapping(!app.window.snapping) },
    'select-all': {
      available: labelling,
      run() {
        app.labels.selectAll(door.handle?.fieldsInView() ?? [], false);
        app.window.tool = 'edit';
      },
    },
    'copy-fields': {
      available: () => labelling() && app.labels.selected.length > 0,
      run: () => app.notices.tell(t.labels.copied(app.edits.copy())),
    },
    'paste-fields': { available: labelling, run: () => pasteFields(app, false) },
    'paste-in-hand': { available: labelling, run: () => pasteFields(app, true) },
    'merge-fields': {
      available: () => labelling() && app.labels.selected.length > 1,
      run: () => mergeSelected(app),
    },
  };
}

/** Commands on what the map shows. */
export function mapActionsOf(app: App): Actions<'beside' | 'places' | 'earlier-scene' | 'later-scene'> {
  const open = () => app.project.current !== null && app.scenes.active !== null;
  return {
    beside: { available: open, run: () => toggleBeside(app) },
    places: {
      available: open,
      run() {
        app.window.placesOpen = !app.window.placesOpen;
      },
    },
    'earlier-scene': { available: () => stepInTime(app.scenes, -1) !== null, run: () => goInTime(app, -1) },
    'later-scene': { available: () => stepInTime(app.scenes, 1) !== null, run: () => goInTime(app, 1) },
  };
}

function goInTime(app: App, step: 1 | -1): void {
  const scene = stepInTime(app.scenes, step);
  if (scene) app.scenes.chosen = scene.id;
}

/** Opens the second pane on the map, else on another scene, else on the same scene in other bands. */
export function toggleBeside(app: App): void {
  const { layers } = app;
  const scene = app.scenes.active;
  if (layers.beside !== null || !scene) {
    layers.beside = null;
    return;
  }
  const other = app.scenes.list.find((s) => s.id !== scene.id && scene.crs && s.crs);
  layers.beside = app.maps.active ? `map:${app.maps.active.id}` : `scene:${(other ?? scene).id}`;
  const { composite } = layers.view(scene);
  layers.besideComposite = other ? null : (scene.composites.find((c) => c.id !== composite)?.id ?? null);
}
