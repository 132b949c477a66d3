import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { type Action, actionsOf } from './commands.ts';
import { isTextField } from './textField.ts';

/** Does what was chosen in the native menu; a name of a newer host is passed over. */
export function runMenuCommand(app: App, door: MapDoor, command: string): void {
  // In a text field the menu's undo and redo are the field's own.
  if ((command === 'undo' || command === 'redo') && isTextField(document.activeElement)) {
    document.execCommand(command);
    return;
  }
  const actions: Readonly<Record<string, Action | undefined>> = actionsOf(app, door);
  const action = actions[command];
  if (action && (action.available?.() ?? true)) action.run();
}
