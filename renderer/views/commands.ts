import { type KeyCommandId, keyCommandIds } from '../../electron/contract/catalog/keys.ts';
import { themes } from '../../electron/contract/catalog/preferences.ts';
import { roles } from '../../electron/contract/labels.ts';
import { ask, closeProject, openSample } from '../domains/project/projectFiles.ts';
import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { type Stage, stages, type Tool, tabsOf } from '../state/window.svelte.ts';
import { t } from '../texts/texts.ts';
import { fieldActionsOf, mapActionsOf } from './fieldActions.ts';

/** What a command of the table of keys does. */
export interface Action {
  run(): void;
  /** Whether it makes sense now; the palette hides it otherwise, and its key is passed on. Always when absent. */
  available?: () => boolean;
  /** Whether its key counts at this step of the job. Always when absent. */
  here?: () => boolean;
}

function undo(app: App): void {
  void app.notices.attempt(t.shell.undoing, () => app.labels.undo());
}

function redo(app: App): void {
  void app.notices.attempt(t.shell.redoing, () => app.labels.redo());
}

export function toggleMeasure(app: App): void {
  app.window.measured = null;
  app.window.tool = app.window.tool === 'measure' ? 'identify' : 'measure';
}

/** Everything that has an entry in the table of keys, but `peek`, which lasts as long as its key is down. */
export function actionsOf(app: App, door: MapDoor): Readonly<Record<Exclude<KeyCommandId, 'peek'>, Action>> {
  const open = () => Boolean(app.project.current);
  const writable = () => Boolean(app.project.current?.writable);
  const labelling = () => app.window.stage === 'label';
  const go = (stage: Stage): Action => ({ available: open, run: () => app.window.go(stage) });
  const tool = (wanted: Tool, alsoRegions = false): Action => {
    const here = () => labelling() || (alsoRegions && app.window.stage === 'regions');
    return {
      available: writable,
      here,
      run() {
        if (!here()) app.window.go('label');
        app.window.tool = wanted;
      },
    };
  };
  return {
    'go-scenes': go('scenes'),
    'go-regions': go('regions'),
    'go-pretrain': go('pretrain'),
    'go-label': go('label'),
    'go-train': go('train'),
    'go-map': go('map'),
    'go-assess': go('assess'),
    palette: {
      run: () => {
        app.window.paletteOpen = true;
      },
    },
    undo: { available: () => open() && app.labels.history.undo !== null, run: () => undo(app) },
    redo: { available: () => open() && app.labels.history.redo !== null, run: () => redo(app) },
    panel: { available: open, run: () => app.window.setPanel(!app.window.panelOpen) },
    shortcuts: {
      run: () => {
        app.window.shortcutsOpen = true;
      },
    },
    settings: {
      run: () => {
        app.window.settingsOpen = 'general';
      },
    },
    'new-project': { run: () => void ask(app, 'new-project') },
    'open-project': { run: () => void ask(app, 'open-project') },
    'close-project': { available: open, run: () => void closeProject(app) },
    sample: { run: () => void openSample(app) },
    'add-scene': { available: writable, run: () => void ask(app, 'add-scene') },
    tour: {
      available: open,
      run() {
        app.window.go('scenes');
        app.window.tourStep = 0;
      },
    },
    diagnostics: {
      run: () => {
        app.window.settingsOpen = 'help';
      },
    },
    'tool-paint': tool('paint'),
    'tool-polygon': tool('polygon', true),
    'tool-rectangle': tool('rectangle', true),
    'tool-freehand': tool('freehand', true),
    'tool-point': tool('point'),
    'tool-brush': tool('brush'),
    'tool-eraser': tool('eraser'),
    'tool-wand': tool('wand'),
    'tool-split': tool('split'),
    'tool-edit': tool('edit'),
    ...fieldActionsOf(app, door),
    'next-role': {
      available: () => writable() && labelling(),
      run() {
        app.labels.role = roles[(roles.indexOf(app.labels.role) + 1) % roles.length] ?? 'train';
      },
    },
    'delete-fields': {
      available: () => writable() && labelling() && app.labels.selected.length > 0,
      run: () =>
        void app.notices.attempt(t.labels.removingField, () => app.labels.remove(app.labels.selected)),
    },
    fit: {
      available: () => open() && app.scenes.active !== null,
      run() {
        const scene = app.scenes.active;
        if (scene) door.fit(scene.extent);
      },
    },
    measure: { available: open, run: () => toggleMeasure(app) },
    layers: { available: open, run: () => app.window.setLayers(!app.window.layersOpen) },
    ...mapActionsOf(app),
  };
}

/** An entry of the palette. */
export interface Command {
  readonly id: string;
  readonly name: string;
  /** A chord of the table of keys, where it has one. */
  readonly chord: string | undefined;
  run(): void;
}

/** All that the palette offers at this moment. */
export function commandsOf(app: App, door: MapDoor): Command[] {
  const actions = actionsOf(app, door);
  const named = keyCommandIds.flatMap((id): Command[] => {
    if (id === 'peek' || id === 'palette') return [];
    const action = actions[id];
    if (!(action.available?.() ?? true)) return [];
    return [{ id, name: nameOf(app, id), chord: app.settings.keys(id)[0], run: () => action.run() }];
  });
  const panels = app.project.current
    ? stages.flatMap((stage) =>
        tabsOf(stage).map((tab) => ({
          id: `tab-${stage}-${tab}`,
          name: `${t.shell.stages[stage].name}: ${t.shell.tabNames[tab]}`,
          chord: undefined,
          run: () => app.window.openTab(stage, tab),
        })),
      )
    : [];
  const taking = app.project.current
    ? [{ id: 'export', name: t.exporting.button, chord: undefined, run: () => app.window.export('map-tif') }]
    : [];
  const byTheme = themes.map((theme) => ({
    id: `theme-${theme}`,
    name: t.palette.theme(t.settings.themes[theme]),
    chord: undefined,
    run: () => void app.notices.attempt(t.settings.failed, () => app.settings.change({ theme })),
  }));
  return [...named, ...panels, ...taking, ...byTheme];
}

/** As the palette says it: undo names what it takes back. */
function nameOf(app: App, id: KeyCommandId): string {
  if (id === 'undo') return t.shell.undo(app.labels.history.undo);
  if (id === 'redo') return t.shell.redo(app.labels.history.redo);
  return t.shortcuts.commands[id];
}

/** Commands whose name holds every word that was typed, those that begin with it first. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter((c) => words.every((w) => c.name.toLowerCase().includes(w)));
  const starts = (c: Command) => (words[0] && c.name.toLowerCase().startsWith(words[0]) ? 0 : 1);
  return found.sort((a, b) => starts(a) - starts(b));
}
