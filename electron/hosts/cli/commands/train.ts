import { AppError } from '../../../base/errors.ts';
import { headIds } from '../../../contract/catalog/ids.ts';
import type { Input } from '../../../contract/methods.ts';
import type { TrainResult } from '../../../contract/run.ts';
import { parseSettings } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, percent } from '../table.ts';

export const train: Command = {
  name: 'train',
  usage: `DIR --encoder RUN|none [--head ${headIds.join('|')}] [--set id=value]… [--per-class K] [--scene ID] [--seed N] [--device auto|…]`,
  summary: 'Train a classifier on the labelled fields.',
  details: [
    '--encoder RUN   a pretraining run; none: raw bands',
    '--set id=value  a parameter of the head, such as penalty=1; what is not set is chosen by cross-validation',
    '--per-class K   labelled pixels per class, drawn from half of the fields; the rest is held out, and classes with',
    '                a single field are left out',
  ],
  options: {
    encoder: { type: 'string' },
    head: { type: 'string' },
    set: { type: 'string', multiple: true },
    'per-class': { type: 'string' },
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
    const wanted = {
      encoder,
      head: words.text('head'),
      set: numbersOf(words.list('set')),
      perClass: words.integer('per-class'),
      scene: words.text('scene'),
      seed: words.integer('seed'),
      device: words.text('device'),
    };
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('models.train', given as Input<'models.train'>),
    );
    const result = run.result as unknown as TrainResult;
    return { json: result, text: inWords(result) };
  },
};

/** `penalty=1` as numbers by name. Errors: usage for anything else. */
function numbersOf(settings: readonly string[]): Record<string, number> | undefined {
  if (settings.length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(parseSettings(settings)).map(([id, value]) => {
      if (typeof value === 'number') return [id, value];
      throw new AppError('usage', `--set ${id} needs a number, not ${String(value)}`, { subject: id });
    }),
  );
}

function inWords(r: TrainResult): string {
  const e = r.transferEstimate;
  return [
    `Model ${r.model}: ${r.head} on ${r.encoder === 'none' ? 'raw bands' : r.encoder}, ${duration(r.seconds)}`,
    `Labels: ${r.labels.map((l) => `${l.code}: ${l.count}`).join(', ')}`,
    e
      ? `Transfer estimate on ${e.testFields} held-out fields: accuracy ${percent(e.oa)}, kappa ${e.kappa.toFixed(3)}, macro F1 ${e.macroF1.toFixed(3)}`
      : `No transfer estimate: ${r.transferNote ?? 'no fields were held out'}`,
    ...(e && r.transferNote ? [r.transferNote] : []),
    ...(r.calibration
      ? [
          `Confidence: off by ${percent(r.calibration.error.before)} on held-out fields, ${percent(r.calibration.error.after)} after a temperature of ${r.calibration.temperature.toFixed(2)}`,
        ]
      : []),
  ].join('\n');
}
