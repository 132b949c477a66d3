import type { EmbedResult } from '../../../contract/embedding.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, percent, table } from '../table.ts';

export const embed: Command = {
  name: 'embed',
  usage: 'DIR --encoder RUN|none [--clusters N] [--scene ID] [--seed N] [--device auto|…]',
  summary: 'Look at a scene through an encoder: colours of its features, and groups of like pixels.',
  details: [
    'The pictures lie in cache/features/ of the project: embedding.tif (bands 1 to 3 are colours) and clusters.tif',
  ],
  options: {
    encoder: { type: 'string' },
    clusters: { type: 'string' },
    scene: { type: 'string' },
    seed: { type: 'string' },
    device: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const encoder = words.required(
      'encoder',
      'Give the id of a pretraining run (swath runs DIR), or none for raw bands.',
    );
    const [scene, device] = [words.text('scene'), words.text('device')];
    const [clusters, seed] = [words.integer('clusters'), words.integer('seed')];
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('embeddings.create', {
        encoder,
        ...(scene === undefined ? {} : { scene }),
        ...(clusters === undefined ? {} : { clusters }),
        ...(seed === undefined ? {} : { seed }),
        ...(device === undefined ? {} : { device }),
      }),
    );
    const result = run.result as unknown as EmbedResult;
    return { json: result, text: inWords(result) };
  },
};

function inWords(r: EmbedResult): string {
  const colours = r.variance.slice(0, 3).reduce((a, b) => a + b, 0);
  return [
    `cache/features/${r.run}: ${r.width} × ${r.height} pixels in ${duration(r.seconds)}; three colours hold ${percent(colours)} of the variance`,
    '',
    table(
      ['group', 'pixels'],
      r.clusters.map((c) => [c.code, c.pixels]),
    ),
  ].join('\n');
}
