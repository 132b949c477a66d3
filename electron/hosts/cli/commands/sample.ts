import type { SampleResult } from '../../../contract/guidance.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { table } from '../table.ts';

export const sample: Command = {
  name: 'sample',
  usage: 'DIR --map ID [--error 0.01] [--least 50] [--seed N]',
  summary: 'Draw a stratified random sample of a map, to find out its accuracy.',
  details: [
    '--error   standard error of the overall accuracy that is aimed at; the size of the sample follows',
    '--least   points in every class at least',
    'Say at each point what it is on the ground (layer samples of the project), then: swath assess --reference sample',
  ],
  options: {
    map: { type: 'string' },
    error: { type: 'string' },
    least: { type: 'string' },
    seed: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const map = words.required('map', 'Give the id that swath map answered.');
    const [error, least, seed] = [words.text('error'), words.integer('least'), words.integer('seed')];
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('samples.draw', {
        map,
        ...(error === undefined ? {} : { standardError: Number(error) }),
        ...(least === undefined ? {} : { least }),
        ...(seed === undefined ? {} : { seed }),
      }),
    );
    const result = run.result as unknown as SampleResult;
    return { json: result, text: inWords(result) };
  },
};

function inWords({ design, seed }: SampleResult): string {
  return [
    `${design.total} points, seed ${seed} (the standard error asks for ${design.wanted})`,
    '',
    table(
      ['code', 'class', 'pixels', 'points'],
      design.strata.map((s) => [s.code, s.name, s.pixels, s.count]),
    ),
  ].join('\n');
}
