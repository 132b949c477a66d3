import { AppError } from '../../../base/errors.ts';
import type { Input } from '../../../contract/methods.ts';
import { type Arguments, userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: 'DIR (--map ID | --model ID | --labels | --report [ID] | --encoder RUN) --out FILE [--overwrite]',
  summary: 'Write a map, a model, labels, a report or an encoder for other programs.',
  details: [
    '--map ID        FILE.tif with palette, class names, QML and SLD; FILE.gpkg or FILE.geojson: areas as polygons',
    '--model ID      FILE.onnx (QGIS Deepness reads it), and a model card FILE.json',
    '--labels        FILE.gpkg (fields, regions, samples) or FILE.geojson (fields)',
    '--report [ID]   FILE.html of an assessment; the newest when none is named',
    '--encoder RUN   FILE.safetensors that `swath encoder add` takes into another project',
  ],
  options: {
    map: { type: 'string' },
    model: { type: 'string' },
    labels: { type: 'boolean' },
    report: { type: 'boolean' },
    encoder: { type: 'string' },
    out: { type: 'string' },
    overwrite: { type: 'boolean' },
  },
  // The id after --report is a word of its own: it may be left out.
  words: [1, 2],
  async run(words, cli) {
    const params = paramsOf(words);
    const session = await cli.open(projectPath(words.positional(0)));
    const { files, run } = await session.client.call('exports.create', params);
    if (run !== null) await session.finish(run);
    return { json: { files }, text: files.join('\n') };
  },
};

function paramsOf(words: Arguments): Input<'exports.create'> {
  const out = words.text('out');
  const named = {
    map: words.text('map'),
    model: words.text('model'),
    labels: words.flag('labels') || undefined,
    report: words.flag('report') || undefined,
    encoder: words.text('encoder'),
  };
  const asked = Object.entries(named).filter(([, value]) => value !== undefined);
  if (out === undefined || asked.length !== 1) {
    throw new AppError(
      'usage',
      out === undefined
        ? '--out is missing'
        : 'Exactly one of --map, --model, --labels, --report and --encoder is needed',
      { subject: '--out', remedy: `Usage: swath export ${exportCommand.usage}` },
    );
  }
  const to = { out: userPath(out), overwrite: words.flag('overwrite') };
  if (named.map !== undefined) return { what: 'map', map: named.map, ...to };
  if (named.model !== undefined) return { what: 'model', model: named.model, ...to };
  if (named.encoder !== undefined) return { what: 'encoder', run: named.encoder, ...to };
  if (named.labels) return { what: 'labels', ...to };
  const [, assessment] = words.positionals;
  return { what: 'report', ...(assessment === undefined ? {} : { assessment }), ...to };
}
