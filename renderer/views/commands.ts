import { ask, closeProject, openSample } from '../domains/project/projectFiles.ts';
import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { stages, type Tool, themes } from '../state/window.svelte.ts';
import { t } from '../texts/texts.ts';

/** Does what was chosen in the native menu; a name of a newer host is passed over. */
export function runMenuCommand(app: App, command: string): void {
  switch (command) {
    case 'open-project':
    case 'new-project':
      void ask(app, command);
      break;
    case 'add-scene':
      if (app.project.current?.writable) void ask(app, command);
      break;
    case 'undo':
      undo(app);
      break;
    case 'redo':
      redo(app);
      break;
    case 'shortcuts':
      app.window.shortcutsOpen = true;
      break;
  }
}

export function undo(app: App): void {
  if (app.project.current) void app.notices.attempt(t.shell.undoing, () => app.labels.undo());
}

export function redo(app: App): void {
  if (app.project.current) void app.notices.attempt(t.shell.redoing, () => app.labels.redo());
}

export function toggleMeasure(app: App): void {
  app.window.measured = null;
  app.window.tool = app.window.tool === 'measure' ? 'identify' : 'measure';
}

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly string[];
  run(): void;
}

const labelTools: readonly (readonly [Tool, string])[] = [
  ['paint', 'C'],
  ['polygon', 'P'],
  ['rectangle', 'R'],
  ['freehand', 'D'],
  ['edit', 'E'],
];

/** All that the palette offers at this moment. */
export function commandsOf(app: App, door: MapDoor): Command[] {
  const command = (id: string, name: string, keys: readonly string[], run: () => void): Command => ({
    id,
    name,
    keys,
    run,
  });
  const always = [
    command('new-project', t.start.create, [], () => void ask(app, 'new-project')),
    command('open-project', t.start.open, [], () => void ask(app, 'open-project')),
    command('sample', t.start.sample, [], () => void openSample(app)),
    ...themes.map((theme) =>
      command(`theme-${theme}`, t.palette.theme(t.shell.theme[theme]), [], () => app.window.setTheme(theme)),
    ),
    command('shortcuts', t.shell.shortcuts, ['?'], () => {
      app.window.shortcutsOpen = true;
    }),
  ];
  if (!app.project.current) return always;
  const scene = app.scenes.active;
  return [
    ...stages.map((stage, i) =>
      command(`go-${stage}`, t.palette.go(t.shell.stages[stage].name), ['Alt', String(i + 1)], () =>
        app.window.go(stage),
      ),
    ),
    ...(app.project.current.writable
      ? [
          command('add-scene', t.scenes.add, [], () => void ask(app, 'add-scene')),
          ...labelTools.map(([tool, key]) =>
            command(`tool-${tool}`, t.palette.tool(t.labels.toolNames[tool]), [key], () => {
              app.window.go('label');
              app.window.tool = tool;
            }),
          ),
        ]
      : []),
    command('measure', t.map.measure, ['M'], () => toggleMeasure(app)),
    ...(app.labels.history.undo
      ? [command('undo', t.shell.undo(app.labels.history.undo), ['Ctrl', 'Z'], () => undo(app))]
      : []),
    ...(app.labels.history.redo
      ? [command('redo', t.shell.redo(app.labels.history.redo), ['Ctrl', 'Shift', 'Z'], () => redo(app))]
      : []),
    ...(scene ? [command('fit', t.map.fit, ['F'], () => door.fit(scene.extent))] : []),
    command('panel', t.palette.panel, ['\\'], () => app.window.setPanel(!app.window.panelOpen)),
    command('layers', t.palette.layers, [], () => app.window.setLayers(!app.window.layersOpen)),
    command('tour', t.palette.tour, [], () => {
      app.window.go('scenes');
      app.window.tourStep = 0;
    }),
    command('close-project', t.shell.closeProject, [], () => void closeProject(app)),
    ...always,
  ];
}

/** Commands whose name holds every word that was typed, those that begin with it first. */
export function findCommands(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter((c) => words.every((w) => c.name.toLowerCase().includes(w)));
  const starts = (c: Command) => (words[0] && c.name.toLowerCase().startsWith(words[0]) ? 0 : 1);
  return found.sort((a, b) => starts(a) - starts(b));
}
