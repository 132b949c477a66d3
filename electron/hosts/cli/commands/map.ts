import { AppError } from '../../../base/errors.ts';
import type { MapResult } from '../../../contract/run.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, mebibytes, table } from '../table.ts';

export const map: Command = {
  name: 'map',
  usage:
    'DIR --model ID [--scene ID] [--region ID] [--out FILE.tif] [--confidence FILE.tif] [--device auto|…]',
  summary: 'Classify every pixel of a scene into a GeoTIFF with a palette.',
  details: ['--out   where the map goes; maps/ in the project when left out'],
  options: {
    model: { type: 'string' },
    scene: { type: 'string' },
    region: { type: 'string' },
    out: { type: 'string' },
    confidence: { type: 'string' },
    device: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const model = words.text('model');
    if (model === undefined) {
      throw new AppError('usage', '--model is missing', {
        subject: '--model',
        remedy: 'Give the id that swath train answered.',
      });
    }
    const [scene, region] = [words.text('scene'), words.text('region')];
    const [out, confidence, device] = [words.text('out'), words.text('confidence'), words.text('device')];
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('maps.create', {
        model,
        ...(scene === undefined ? {} : { scene }),
        ...(region === undefined ? {} : { region }),
        ...(out === undefined ? {} : { out: userPath(out) }),
        ...(confidence === undefined ? {} : { confidence: userPath(confidence) }),
        ...(device === undefined ? {} : { device }),
      }),
    );
    const result = run.result as unknown as MapResult;
    return { json: result, text: inWords(result) };
  },
};

function inWords(r: MapResult): string {
  return [
    `${r.out}: ${r.width} × ${r.height} pixels in ${duration(r.seconds)} (${Math.round(r.pixelsPerSecond)} pixels/s, ${mebibytes(r.peakRssBytes)})`,
    ...(r.confidence ? [`Confidence: ${r.confidence}`] : []),
    '',
    table(
      ['code', 'class', 'pixels', 'area'],
      r.classes.map((c) => [c.code, c.name, c.pixels, c.area === null ? null : Number(c.area.toFixed(1))]),
    ),
  ].join('\n');
}
