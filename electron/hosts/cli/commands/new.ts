import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';

export const newProject: Command = {
  name: 'new',
  usage: 'DIR [--name N]',
  summary: 'Make a project: a folder that did not exist or is empty.',
  options: { name: { type: 'string' } },
  words: [1, 1],
  async run(words, cli) {
    const { client } = await cli.open(null);
    const name = words.text('name');
    const project = await client.call('project.create', {
      path: userPath(words.positional(0)),
      ...(name === undefined ? {} : { name }),
    });
    return {
      json: { project: project.path, name: project.name },
      text: `Made ${project.path}`,
    };
  },
};
