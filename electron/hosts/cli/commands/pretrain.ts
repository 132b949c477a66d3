import { AppError } from '../../../base/errors.ts';
import { encoderIds, methodIds } from '../../../contract/catalog/ids.ts';
import type { Input } from '../../../contract/methods.ts';
import type { PretrainResult, RunEstimate } from '../../../contract/run.ts';
import { parseSettings } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, figure, mebibytes } from '../table.ts';

export const pretrain: Command = {
  name: 'pretrain',
  usage: `DIR (--method ${methodIds.join('|')} | --resume RUN) [--encoder ${encoderIds.join('|')}] [--tile N] [--epochs N] [--batch N] [--scene ID]… [--region ID]… [--from RUN [--from-bands N,…]] [--seed N] [--device auto|…] [--set key=value]… [--estimate]`,
  summary: 'Learn an encoder from unlabelled pixels.',
  details: [
    '--scene, --region  keep to these; repeat them, or give a list with commas',
    '--from RUN         start from the weights of another run',
    '--from-bands N,…   for each band the band of that run that it continues, 0 for none; by name when left out',
    '--resume RUN       go on with a run that was cancelled or interrupted',
    '--set key=value    any parameter of the method, the encoder, the augmentations',
    '--estimate         only say what it would take of memory, time and disk',
  ],
  options: {
    method: { type: 'string' },
    encoder: { type: 'string' },
    tile: { type: 'string' },
    epochs: { type: 'string' },
    batch: { type: 'string' },
    scene: { type: 'string', multiple: true },
    region: { type: 'string', multiple: true },
    from: { type: 'string' },
    'from-bands': { type: 'string', multiple: true },
    seed: { type: 'string' },
    device: { type: 'string' },
    resume: { type: 'string' },
    set: { type: 'string', multiple: true },
    estimate: { type: 'boolean' },
  },
  words: [1, 1],
  async run(words, cli) {
    const method = words.text('method');
    const resume = words.text('resume');
    if (method === undefined && resume === undefined) throw unknownMethod('--method is missing', '--method');
    if (method !== undefined && !methodIds.some((id) => id === method))
      throw unknownMethod(`There is no method '${method}'`, method);
    const fromBands = words.list('from-bands').map(Number);
    const wanted = {
      // A run that is gone on with keeps its own method, whatever stands here.
      method: method ?? methodIds[0],
      encoder: words.text('encoder'),
      tile: words.integer('tile'),
      epochs: words.integer('epochs'),
      batch: words.integer('batch'),
      scenes: words.list('scene'),
      regions: words.list('region'),
      from: words.text('from'),
      fromBands: fromBands.length > 0 ? fromBands : undefined,
      seed: words.integer('seed'),
      device: words.text('device'),
      resume,
      set: parseSettings(words.list('set')),
    };
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const session = await cli.open(projectPath(words.positional(0)));
    // Checked by the schema at the wall; here it is still what the user typed.
    const params = given as Input<'runs.pretrain'>;
    if (words.flag('estimate')) {
      const json = await session.client.call('runs.estimate', params);
      return { json, text: estimateInWords(json) };
    }
    const run = await session.finish(await session.client.call('runs.pretrain', params));
    const result = run.result as unknown as PretrainResult;
    return { json: result, text: inWords(result) };
  },
};

function unknownMethod(message: string, subject: string): AppError {
  return new AppError('usage', message, { subject, remedy: `Choose one of ${methodIds.join(', ')}.` });
}

function inWords(r: PretrainResult): string {
  const { metrics } = r;
  return [
    `Run ${r.run}: ${r.method} on ${r.encoder}, ${r.epochs} epochs in ${duration(r.seconds)}`,
    `Device ${r.device} (${r.deviceReason}), ${Math.round(r.tilesPerSecond)} tiles/s, ${mebibytes(r.peakRssBytes)} at most`,
    `Loss ${figure(metrics.loss)}, std ${figure(metrics.std)}, RankMe ${figure(metrics.rankMe)}, effective rank ${figure(metrics.effectiveRank)}, kNN ${figure(metrics.knn)}`,
    `Collapse: ${r.collapse}${r.collapseAdvice ? `. ${r.collapseAdvice}` : ''}`,
  ].join('\n');
}

function estimateInWords({ memory, batchAdvice, time, disk, ...run }: RunEstimate): string {
  const room = memory.fits ? '' : ': it does not fit and would be refused';
  return [
    `${run.steps} steps of ${run.batch} tiles of ${run.tile} × ${run.tile} pixels, ${run.epochs} epochs`,
    `Memory ${mebibytes(memory.bytes)} of ${mebibytes(memory.availableBytes + memory.parts.process)} that can be had${room}`,
    ...(memory.deviceBytes > 0 ? [`Memory of the GPU ${mebibytes(memory.deviceBytes)}`] : []),
    `Batch: ${batchAdvice.suggested} suggested, ${batchAdvice.largest} at most. ${batchAdvice.reason}`,
    `Time ${time.seconds === null ? 'unknown' : duration(time.seconds)}. ${time.basis}`,
    `Disk ${mebibytes(disk.bytes)}${disk.availableBytes === null ? '' : ` of ${mebibytes(disk.availableBytes)}`}`,
    ...run.notices,
  ].join('\n');
}
