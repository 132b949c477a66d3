import type { KeyCommandId } from '../../electron/contract/catalog/keys.ts';
import type { App } from '../state/app.svelte.ts';
import { t } from '../texts/texts.ts';
import { keyCaps } from './chords.ts';
import { onMac } from './onMac.ts';

/** The key of a command for a tooltip, as the user has set it; undefined when it has none. */
export function hintOf(app: App, id: KeyCommandId): string | undefined {
  const [chord] = app.settings.keys(id);
  return chord === undefined ? undefined : keyCaps(chord, t.shortcuts.keyNames, onMac).join('+');
}
