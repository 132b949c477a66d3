import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const sceneRelink: Command = {
  name: 'scene relink',
  usage: 'DIR FOLDER',
  summary: 'Look for rasters that were moved, in a folder and those inside it.',
  options: {},
  words: [2, 2],
  async run(words, cli) {
    const { client } = await cli.open(projectPath(words.positional(0)));
    const json = await client.call('scenes.search', { folder: userPath(words.positional(1)) });
    const none = json.relinked.length + json.missing.length === 0;
    return {
      json,
      text: none
        ? 'No scene misses a file.'
        : [
            ...json.relinked.map((scene) => `${scene}: found`),
            ...json.missing.map((scene) => `${scene}: still missing`),
          ].join('\n'),
    };
  },
};
