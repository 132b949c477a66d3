import { expect, test } from 'vitest';
import { chordOf, keyCaps, type Press } from '../../../renderer/views/chords.ts';

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
  code = '',
  altGr = false,
): Press => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
  getModifierState: () => altGr,
});

test.each([
  ['a letter', press('f', {}, 'KeyF'), 'F'],
  ['a letter with Shift', press('F', { shiftKey: true }, 'KeyF'), 'Shift+F'],
  ['undo', press('z', { ctrlKey: true }, 'KeyZ'), 'Mod+Z'],
  ['undo on a German keyboard', press('z', { ctrlKey: true }, 'KeyY'), 'Mod+Z'],
  ['redo on a Mac', press('z', { metaKey: true, shiftKey: true }, 'KeyZ'), 'Mod+Shift+Z'],
  ['a sign that needs Shift', press('?', { shiftKey: true }, 'Slash'), '?'],
  ['a sign that needs AltGr', press('\\', { ctrlKey: true, altKey: true }, 'Minus', true), '\\'],
  ['what a Mac writes with Alt', press('¡', { altKey: true }, 'Digit1'), 'Alt+1'],
  ['a named key', press('Delete'), 'Delete'],
  ['a named key with Shift', press('Delete', { shiftKey: true }), 'Shift+Delete'],
  ['a modifier alone', press('Control', { ctrlKey: true }), null],
])('%s', (_name, event, chord) => {
  expect(chordOf(event)).toBe(chord);
});

test('keys are named as on the keyboard', () => {
  expect(keyCaps('Mod+Shift+Z', { Mod: 'Strg', Shift: 'Umschalt' }, false)).toEqual([
    'Strg',
    'Umschalt',
    'Z',
  ]);
  expect(keyCaps('Mod+Alt++', { Mod: 'Ctrl' }, true)).toEqual(['⌘', '⌥', '+']);
  expect(keyCaps('+', {}, false)).toEqual(['+']);
});
