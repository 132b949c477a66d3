import type { Preferences } from '../../contract/catalog/preferences.ts';

/** What closing the window does: quit, ask first, or go on in the tray. Nobody is asked while nothing runs. */
export function closingOf(choice: Preferences['onClose'], activeRuns: number): 'quit' | 'ask' | 'tray' {
  return activeRuns === 0 ? 'quit' : choice;
}
