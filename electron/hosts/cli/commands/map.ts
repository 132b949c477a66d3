import { AppError } from '../../../base/errors.ts';
import type { Input } from '../../../contract/methods.ts';
import { type MapResult, worryingShift } from '../../../contract/run.ts';
import type { Scene } from '../../../contract/scene.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { duration, mebibytes, percent, table } from '../table.ts';

/** Stands for a map of each scene of the project. */
const everyScene = 'all';

export const map: Command = {
  name: 'map',
  usage:
    'DIR --model ID [--scene ID|all] [--region ID] [--out FILE.tif] [--confidence FILE.tif] [--layers runner-up,entropy,unlike] [--sieve PIXELS] [--fields] [--device auto|…]',
  summary: 'Classify every pixel of a scene into a GeoTIFF with a palette.',
  details: [
    'A map that was killed or cancelled goes on where it was when it is asked for again.',
    '--scene   all: every scene of the project, one map each; a scene that does not suit the model is named',
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
    if (scene === everyScene && (out !== undefined || confidence !== undefined)) {
      throw new AppError(
        'usage',
        `--scene ${everyScene} makes a map of each scene, and one file cannot hold them`,
        {
          subject: '--out',
          remedy: 'Leave --out and --confidence out: the maps go into maps/ of the project.',
        },
      );
    }
    const session = await cli.open(projectPath(words.positional(0)));
    const make = async (id: string | undefined): Promise<MapResult> => {
      const run = await session.finish(
        await session.client.call('maps.create', {
          model,
          ...(id === undefined ? {} : { scene: id }),
          ...(region === undefined ? {} : { region }),
          ...(out === undefined ? {} : { out: userPath(out) }),
          ...(confidence === undefined ? {} : { confidence: userPath(confidence) }),
          ...(layers === undefined ? {} : { layers: layers.split(',') as Input<'maps.create'>['layers'] }),
          ...(sieve === undefined ? {} : { sieve }),
          fields: words.flag('fields'),
          ...(device === undefined ? {} : { device }),
        }),
      );
      return run.result as unknown as MapResult;
    };
    if (scene === everyScene) return mapAll(await session.client.call('scenes.list', {}), make);
    const result = await make(scene);
    return { json: result, text: inWords(result) };
  },
};

/** One map after the other. A scene that the model cannot read is named and does not keep the others from theirs. */
async function mapAll(scenes: readonly Scene[], make: (scene: string) => Promise<MapResult>) {
  const maps: (MapResult & { scene: string })[] = [];
  const refused: { scene: string; code: string; message: string }[] = [];
  for (const { id } of scenes) {
    try {
      maps.push({ scene: id, ...(await make(id)) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
      refused.push({ scene: id, code: error.code, message: error.message });
    }
  }
  const [first] = refused;
  if (maps.length === 0 && first) {
    throw new AppError('mismatch', `None of ${scenes.length} scenes could be mapped: ${first.message}`, {
      subject: first.scene,
      remedy: 'Give scenes with the bands that the model was taught on.',
    });
  }
  return {
    json: { maps, refused },
    text: [...maps.map(inWords), ...refused.map(({ scene, message }) => `${scene}: no map. ${message}`)].join(
      '\n\n',
    ),
  };
}

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
