import type { Input } from '../../../contract/methods.ts';
import { type MapResult, worryingShift } from '../../../contract/run.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, mebibytes, percent, table } from '../table.ts';

export const map: Command = {
  name: 'map',
  usage:
    'DIR --model ID [--scene ID] [--region ID] [--out FILE.tif] [--confidence FILE.tif] [--layers runner-up,entropy,unlike] [--sieve PIXELS] [--fields] [--device auto|…]',
  summary: 'Classify every pixel of a scene into a GeoTIFF with a palette.',
  details: [
    'A map that was killed or cancelled goes on where it was when it is asked for again.',
    '--out     where the map goes; maps/ in the project when left out. What follows is written beside it:',
    '--layers  runner-up: the second choice; entropy: uncertainty; unlike: 2 where nothing labelled resembles a pixel',
    '--sieve   also the classes without patches of fewer pixels',
    '--fields  also the majority of every field, with its purity, as a GeoPackage',
  ],
  options: {
    model: { type: 'string' },
    scene: { type: 'string' },
    region: { type: 'string' },
    out: { type: 'string' },
    confidence: { type: 'string' },
    layers: { type: 'string' },
    sieve: { type: 'string' },
    fields: { type: 'boolean' },
    device: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const model = words.required('model', 'Give the id that swath train answered.');
    const [scene, region] = [words.text('scene'), words.text('region')];
    const [out, confidence, device] = [words.text('out'), words.text('confidence'), words.text('device')];
    const [layers, sieve] = [words.text('layers'), words.integer('sieve')];
    const session = await cli.open(projectPath(words.positional(0)));
    const run = await session.finish(
      await session.client.call('maps.create', {
        model,
        ...(scene === undefined ? {} : { scene }),
        ...(region === undefined ? {} : { region }),
        ...(out === undefined ? {} : { out: userPath(out) }),
        ...(confidence === undefined ? {} : { confidence: userPath(confidence) }),
        ...(layers === undefined ? {} : { layers: layers.split(',') as Input<'maps.create'>['layers'] }),
        ...(sieve === undefined ? {} : { sieve }),
        fields: words.flag('fields'),
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
    ...(r.resumedPixels
      ? [`${percent(r.resumedPixels / (r.width * r.height))} taken over from a run that was cut short`]
      : []),
    ...(typeof r.unlikeShare === 'number'
      ? [
          `${percent(r.unlikeShare)} of the scene is unlike anything labelled (1 % is usual)${r.unlikeShare > worryingShift ? ': expect a drop in accuracy, and label some fields here to measure it' : ''}`,
        ]
      : []),
    ...(r.confidence ? [`Confidence: ${r.confidence}`] : []),
    ...(r.layers ?? []).map(({ kind, file }) => `${kind}: ${file}`),
    ...(r.fields ? [`${r.fields.length} fields`] : []),
    '',
    table(
      ['code', 'class', 'pixels', 'area'],
      r.classes.map((c) => [c.code, c.name, c.pixels, c.area === null ? null : Number(c.area.toFixed(1))]),
    ),
  ].join('\n');
}
