import type { SuggestResult } from '../../../contract/guidance.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { percent, table } from '../table.ts';

export const suggest: Command = {
  name: 'suggest',
  usage: 'DIR --model ID [--fields] [--count N] [--distance PIXELS] [--scene ID] [--device auto|…]',
  summary: 'Where to label next, and which labels to look at again.',
  details: [
    '--fields     fields without a class instead of points',
    '--distance   least distance between two, in pixels',
  ],
  options: {
    model: { type: 'string' },
    scene: { type: 'string' },
    fields: { type: 'boolean' },
    count: { type: 'string' },
    distance: { type: 'string' },
    device: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const model = words.required('model', 'Give the id that swath train answered.');
    const [scene, device] = [words.text('scene'), words.text('device')];
    const [count, distance] = [words.integer('count'), words.integer('distance')];
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('suggestions.create', {
        model,
        as: words.flag('fields') ? 'fields' : 'points',
        ...(scene === undefined ? {} : { scene }),
        ...(count === undefined ? {} : { count }),
        ...(distance === undefined ? {} : { distance }),
        ...(device === undefined ? {} : { device }),
      }),
    );
    const result = run.result as unknown as SuggestResult;
    return { json: result, text: inWords(result) };
  },
};

function inWords(r: SuggestResult): string {
  return [
    table(
      ['x', 'y', 'score', 'why'],
      r.suggestions.map((s) => [s.x.toFixed(1), s.y.toFixed(1), percent(s.score), s.reason]),
    ),
    ...(r.doubts.length > 0
      ? ['', 'Labels to look at again:', ...r.doubts.map((d) => `${d.field}  ${d.reason}`)]
      : []),
    ...(r.note ? ['', r.note] : []),
  ].join('\n');
}
