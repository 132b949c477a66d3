import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { appDataFolder } from '../../places.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { demoText, runDemo } from '../demo.ts';

export const demoCommand: Command = {
  name: 'demo',
  usage: '[DIR]',
  summary: 'The whole job on the sample scene, without a window: minutes.',
  details: ['DIR   the project to make; a new one in the folder of the app when left out'],
  options: {},
  words: [0, 1],
  async run(words, cli) {
    const [word] = words.positionals;
    const folder = word === undefined ? newFolder() : userPath(word);
    const report = await runDemo(cli, folder);
    return { json: report, text: demoText(report) };
  },
};

function newFolder(): string {
  const folder = join(appDataFolder(), 'demo');
  mkdirSync(folder, { recursive: true });
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return join(folder, `demo-${stamp}.swath`);
}
