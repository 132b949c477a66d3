import { AppError } from '../../../base/errors.ts';
import { parseBox, userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const regionAdd: Command = {
  name: 'region add',
  usage: 'DIR (--bbox minx,miny,maxx,maxy | --file F) [--name N] [--scene ID]',
  summary: 'Add areas of interest: pretraining and maps can be kept inside them.',
  details: [
    '--bbox    in coordinates of the project; without a CRS x is the column and y minus the row',
    '--file    polygons of a vector file',
  ],
  options: {
    bbox: { type: 'string' },
    file: { type: 'string' },
    name: { type: 'string' },
    scene: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const [bbox, file] = [words.text('bbox'), words.text('file')];
    const [name, scene] = [words.text('name'), words.text('scene')];
    if ((bbox === undefined) === (file === undefined)) {
      throw new AppError('usage', 'region add needs exactly one of --bbox and --file', {
        remedy: `Usage: swath ${regionAdd.name} ${regionAdd.usage}`,
      });
    }
    const box = bbox === undefined ? undefined : parseBox(bbox);
    const { client } = await cli.open(projectPath(words.positional(0)));
    const regions = await client.call('regions.add', {
      ...(box === undefined ? {} : { bbox: box }),
      ...(file === undefined ? {} : { file: userPath(file) }),
      ...(name === undefined ? {} : { name }),
      ...(scene === undefined ? {} : { scene }),
    });
    return {
      json: {
        regions: regions.map(({ id, name: title, scene: of }) => ({ region: id, name: title, scene: of })),
      },
      text: regions.map((region) => `Added ${region.id}  ${region.name}`).join('\n'),
    };
  },
};
