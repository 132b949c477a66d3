import { expect, test } from 'vitest';
import { type Command, findCommands } from '../../../renderer/views/commands.ts';

const command = (name: string): Command => ({ id: name, name, chord: undefined, run: () => {} });
const commands = ['Go to Map', 'Map the world', 'Undo: Draw field', 'Theme: Dark'].map(command);
const names = (typed: string) => findCommands(commands, typed).map((c) => c.name);

test('every word must occur, in any case and order; names that begin with the first come first', () => {
  expect(names('')).toEqual(commands.map((c) => c.name));
  expect(names('map')).toEqual(['Map the world', 'Go to Map']);
  expect(names('DARK theme')).toEqual(['Theme: Dark']);
  expect(names('map nothing')).toEqual([]);
});
