import { AppError } from '../../../base/errors.ts';
import type { Input } from '../../../contract/methods.ts';
import { curveHeads, curveSplits, type LearnCurveResult } from '../../../contract/run.ts';
import { type Arguments, userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { curveOutlooks, curveTable, curveVerdicts, outlookText } from '../curveText.ts';
import { projectPath } from '../projectPath.ts';
import { duration } from '../table.ts';

export const learnCurve: Command = {
  name: 'learn-curve',
  usage: `DIR [--reference FILE [--class-field F]] [--encoders RUN,…,none] [--heads ${curveHeads.join(',')}] [--shots 5,10,20] [--seeds N] [--split ${curveSplits.join('|')}] [--scene ID] [--device auto|…]`,
  summary: 'Accuracy against labels per class: encoders and classical baselines, over seeds.',
  details: [
    "--reference   a file of labels, raster or vector; the project's fields when left out",
    '--encoders    pretraining runs to compare; none: raw bands and local statistics (the default)',
    '--heads       classifiers on the features of encoders (linear); the baselines have three of their own',
    '--split       what is asked lies in other fields, in other blocks, or anywhere (too good)',
  ],
  options: {
    reference: { type: 'string' },
    'class-field': { type: 'string' },
    encoders: { type: 'string', multiple: true },
    heads: { type: 'string', multiple: true },
    shots: { type: 'string', multiple: true },
    seeds: { type: 'string' },
    split: { type: 'string' },
    scene: { type: 'string' },
    device: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const file = words.text('reference');
    const classField = words.text('class-field');
    if (file === undefined && classField !== undefined) {
      throw new AppError('usage', '--class-field needs --reference', {
        subject: '--class-field',
        remedy: 'Name the file whose field it is, or leave both out.',
      });
    }
    const wanted = {
      reference:
        file === undefined ? undefined : { file: userPath(file), ...(classField ? { classField } : {}) },
      encoders: some(words.list('encoders')),
      heads: some(words.list('heads')),
      shots: some(shotsOf(words)),
      seeds: words.integer('seeds'),
      split: words.text('split'),
      scene: words.text('scene'),
      device: words.text('device'),
    };
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('learnCurve.create', given as Input<'learnCurve.create'>),
    );
    const result = run.result as unknown as LearnCurveResult;
    return { json: { run: run.id, ...result, outlook: curveOutlooks(result) }, text: inWords(result) };
  },
};

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

function shotsOf(words: Arguments): number[] {
  return words.list('shots').map((word) => {
    const shots = Number(word);
    if (Number.isInteger(shots) && shots > 0) return shots;
    throw new AppError('usage', `--shots needs whole numbers, not '${word}'`, {
      subject: '--shots',
      remedy: 'For example --shots 5,10,20',
    });
  });
}

function inWords(result: LearnCurveResult): string {
  return [
    curveTable(result),
    '',
    result.protocol,
    ...result.notes,
    '',
    ...curveVerdicts(result),
    ...curveOutlooks(result).map(outlookText),
    `Measured in ${duration(result.seconds)}.`,
  ].join('\n');
}
