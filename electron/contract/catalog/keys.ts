/**
 * The keyboard as data: what can be done by a key, and its keys until the user chooses others. The window, the palette,
 * the shortcut sheet and the native menu all read this table.
 *
 * A chord is `Mod+Alt+Shift+KEY` with the modifiers that are held, in this order. `Mod` is Ctrl, on a Mac ⌘. KEY is a
 * letter or digit in upper case, the sign that the key writes (its Shift is not said), or a name such as `Delete`.
 */
import { z } from 'zod';

export const keyGroups = ['everywhere', 'project', 'labelling', 'map'] as const;
export type KeyGroup = (typeof keyGroups)[number];

interface KeyCommand {
  readonly group: KeyGroup;
  /** The first is the one that is shown. */
  readonly keys: readonly string[];
}

export const keyCommands = {
  'go-scenes': { group: 'everywhere', keys: ['Alt+1'] },
  'go-regions': { group: 'everywhere', keys: ['Alt+2'] },
  'go-pretrain': { group: 'everywhere', keys: ['Alt+3'] },
  'go-label': { group: 'everywhere', keys: ['Alt+4'] },
  'go-train': { group: 'everywhere', keys: ['Alt+5'] },
  'go-map': { group: 'everywhere', keys: ['Alt+6'] },
  'go-assess': { group: 'everywhere', keys: ['Alt+7'] },
  palette: { group: 'everywhere', keys: ['Mod+K'] },
  undo: { group: 'everywhere', keys: ['Mod+Z'] },
  redo: { group: 'everywhere', keys: ['Mod+Shift+Z', 'Mod+Y'] },
  panel: { group: 'everywhere', keys: ['\\'] },
  shortcuts: { group: 'everywhere', keys: ['?'] },
  settings: { group: 'everywhere', keys: ['Mod+,'] },
  'new-project': { group: 'project', keys: ['Mod+N'] },
  'open-project': { group: 'project', keys: ['Mod+O'] },
  'close-project': { group: 'project', keys: [] },
  sample: { group: 'project', keys: [] },
  'add-scene': { group: 'project', keys: ['Mod+Shift+A'] },
  tour: { group: 'project', keys: [] },
  diagnostics: { group: 'project', keys: [] },
  'tool-paint': { group: 'labelling', keys: ['C'] },
  'tool-polygon': { group: 'labelling', keys: ['P'] },
  'tool-rectangle': { group: 'labelling', keys: ['R'] },
  'tool-freehand': { group: 'labelling', keys: ['D'] },
  'tool-point': { group: 'labelling', keys: ['O'] },
  'tool-brush': { group: 'labelling', keys: ['B'] },
  'tool-eraser': { group: 'labelling', keys: ['X'] },
  'tool-wand': { group: 'labelling', keys: ['W'] },
  'tool-split': { group: 'labelling', keys: ['K'] },
  'tool-edit': { group: 'labelling', keys: ['E'] },
  'smaller-brush': { group: 'labelling', keys: ['['] },
  'larger-brush': { group: 'labelling', keys: [']'] },
  snapping: { group: 'labelling', keys: ['N'] },
  'select-all': { group: 'labelling', keys: ['Mod+A'] },
  'copy-fields': { group: 'labelling', keys: ['Mod+C'] },
  'paste-fields': { group: 'labelling', keys: ['Mod+V'] },
  'paste-in-hand': { group: 'labelling', keys: ['Mod+Shift+V'] },
  'merge-fields': { group: 'labelling', keys: ['G'] },
  'next-role': { group: 'labelling', keys: ['T'] },
  'delete-fields': { group: 'labelling', keys: ['Delete'] },
  fit: { group: 'map', keys: ['F'] },
  measure: { group: 'map', keys: ['M'] },
  peek: { group: 'map', keys: ['S'] },
  layers: { group: 'map', keys: [] },
  beside: { group: 'map', keys: ['V'] },
  places: { group: 'map', keys: ['Mod+G'] },
  'earlier-scene': { group: 'map', keys: [','] },
  'later-scene': { group: 'map', keys: ['.'] },
} as const satisfies Record<string, KeyCommand>;
export type KeyCommandId = keyof typeof keyCommands;
export const keyCommandIds = Object.keys(keyCommands) as KeyCommandId[];

/** Keys that mean the same everywhere and stay as they are: classes, ending and leaving, moving the map. */
export const fixedKeys = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  ...['Escape', 'Enter', 'Backspace', 'Tab', ' '],
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', '+', '-'],
] as const;

export const chordSchema = z
  .string()
  .max(40)
  .regex(/^(Mod\+)?(Alt\+)?(Shift\+)?([^\s+]|\+|[A-Z][A-Za-z0-9]+)$/, 'needs a chord such as Mod+Shift+Z');

/** The user's own keys by command; a command that is not named keeps the table's. */
export const keyChoiceSchema = z.record(z.string().max(60), z.array(chordSchema).max(4));
export type KeyChoice = z.output<typeof keyChoiceSchema>;

export function keysOf(id: KeyCommandId, choice: KeyChoice): readonly string[] {
  return choice[id] ?? keyCommands[id].keys;
}

/** What else already answers to the chord: a command, `fixed`, or null. Classes' keys count among the fixed ones. */
export function ownerOf(chord: string, choice: KeyChoice): KeyCommandId | 'fixed' | null {
  if (fixedKeys.some((key) => key === chord)) return 'fixed';
  return keyCommandIds.find((id) => keysOf(id, choice).includes(chord)) ?? null;
}

/** The choice with a command on one key, or on none; whoever had the key loses it. */
export function withKey(choice: KeyChoice, id: KeyCommandId, chord: string | null): KeyChoice {
  const owner = chord === null ? null : ownerOf(chord, choice);
  if (owner === 'fixed') return choice;
  const next: KeyChoice = { ...choice, [id]: chord === null ? [] : [chord] };
  if (owner !== null && owner !== id) next[owner] = keysOf(owner, choice).filter((c) => c !== chord);
  return tidy(next);
}

/** The choice with a command back on the table's keys, as far as nobody else has taken them. */
export function withDefaultKeys(choice: KeyChoice, id: KeyCommandId): KeyChoice {
  const { [id]: _, ...others } = choice;
  const free = keyCommands[id].keys.filter((chord) =>
    keyCommandIds.every((other) => other === id || !keysOf(other, others).includes(chord)),
  );
  return tidy({ ...others, [id]: free });
}

/** Only what differs from the table is kept, so that a changed table reaches everybody else. */
function tidy(choice: KeyChoice): KeyChoice {
  return Object.fromEntries(
    keyCommandIds.flatMap((id) => {
      const chords = choice[id];
      const standard: readonly string[] = keyCommands[id].keys;
      const same = chords?.length === standard.length && standard.every((chord, i) => chords[i] === chord);
      return chords === undefined || same ? [] : [[id, [...chords]]];
    }),
  );
}
