import { expect, test } from 'vitest';
import {
  chordSchema,
  fixedKeys,
  keyCommandIds,
  keyCommands,
  keysOf,
  ownerOf,
  withDefaultKeys,
  withKey,
} from '../../electron/contract/catalog/keys.ts';

test('no two commands share a key, and none takes a fixed one', () => {
  const chords: string[] = keyCommandIds.flatMap((id) => [...keyCommands[id].keys]);
  expect(chords.filter((chord, i) => chords.indexOf(chord) !== i)).toEqual([]);
  const fixed: readonly string[] = fixedKeys;
  expect(chords.filter((chord) => fixed.includes(chord))).toEqual([]);
  for (const chord of chords) expect(chordSchema.safeParse(chord).success, chord).toBe(true);
});

test('a key goes to whoever asks for it last, and comes back', () => {
  const taken = withKey({}, 'measure', 'F');
  expect(keysOf('measure', taken)).toEqual(['F']);
  expect(keysOf('fit', taken)).toEqual([]);
  expect(ownerOf('M', taken)).toBeNull();
  // F is still measure's: giving `fit` its own key back must not make two owners.
  expect(keysOf('fit', withDefaultKeys(taken, 'fit'))).toEqual([]);
  const back = withDefaultKeys(withDefaultKeys(taken, 'measure'), 'fit');
  expect(back).toEqual({});
});

test('a second key of a command survives the loss of the first', () => {
  const taken = withKey({}, 'fit', 'Mod+Shift+Z');
  expect(keysOf('redo', taken)).toEqual(['Mod+Y']);
});

test('fixed keys cannot be taken', () => {
  expect(ownerOf('1', {})).toBe('fixed');
  expect(withKey({}, 'fit', 'Escape')).toEqual({});
});
