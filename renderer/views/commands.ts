import { ask } from '../domains/project/projectFiles.ts';
import type { App } from '../state/app.svelte.ts';
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
