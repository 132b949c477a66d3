import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const encoderAdd: Command = {
  name: 'encoder add',
  usage: 'DIR FILE',
  summary: 'Take in an encoder that another project exported.',
  options: {},
  words: [2, 2],
  async run(words, cli) {
    const { client } = await cli.open(projectPath(words.positional(0)));
    const run = await client.call('encoders.add', { file: userPath(words.positional(1)) });
    return {
      json: { run: run.id, method: run.method },
      text: `Encoder ${run.id}. Train on it with --encoder ${run.id}.`,
    };
  },
};
