import { AppError } from '../../../base/errors.ts';
import type { Int8Report } from '../../../contract/int8Report.ts';
import type { Input } from '../../../contract/methods.ts';
import { type Arguments, userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { mebibytes, percent } from '../table.ts';

export const exportCommand: Command = {
  name: 'export',
  usage:
    'DIR (--map ID | --model ID | --labels | --report [ID] | --encoder RUN) --out FILE [--int8] [--overwrite]',
  summary: 'Write a map, a model, labels, a report or an encoder for other programs.',
  details: [
    '--map ID        FILE.tif with palette, class names, QML and SLD; FILE.gpkg or FILE.geojson: areas as polygons',
    '--model ID      FILE.onnx (QGIS Deepness reads it), and a model card FILE.json',
    '--labels        FILE.gpkg (fields, regions, samples) or FILE.geojson (fields)',
    '--report [ID]   FILE.html of an assessment; the newest when none is named',
    '--encoder RUN   FILE.safetensors that `swath encoder add` takes into another project; FILE.onnx: features per pixel',
    '--int8          of .onnx: weights as 8-bit integers, and what that changes on the scene and its labels',
  ],
  options: {
    map: { type: 'string' },
    model: { type: 'string' },
    labels: { type: 'boolean' },
    report: { type: 'boolean' },
    encoder: { type: 'string' },
    out: { type: 'string' },
    int8: { type: 'boolean' },
    overwrite: { type: 'boolean' },
  },
  // The id after --report is a word of its own: it may be left out.
  words: [1, 2],
  async run(words, cli) {
    const params = paramsOf(words);
    const session = await cli.open(projectPath(words.positional(0)));
    const { files, run } = await session.client.call('exports.create', params);
    const ended = run === null ? null : await session.finish(run);
    const int8 = (ended?.result?.int8 ?? null) as Int8Report | null;
    const text = [...files, ...(int8 ? [inWords(int8)] : [])].join('\n');
    return { json: { files, ...(words.flag('int8') && { int8 }) }, text };
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
  const int8 = words.flag('int8');
  if (int8 && !/\.onnx$/i.test(out)) {
    throw new AppError('usage', `--int8 is for .onnx files, not for ${out}`, {
      subject: '--int8',
      remedy: 'Export a model or an encoder to FILE.onnx.',
    });
  }
  if (named.map !== undefined) return { what: 'map', map: named.map, ...to };
  if (named.model !== undefined) return { what: 'model', model: named.model, int8, ...to };
  if (named.encoder !== undefined) return { what: 'encoder', run: named.encoder, int8, ...to };
  if (named.labels) return { what: 'labels', ...to };
  const [, assessment] = words.positionals;
  return { what: 'report', ...(assessment === undefined ? {} : { assessment }), ...to };
}

function inWords({ bytes, measure, agreement, pixels, labelled }: Int8Report): string {
  const change = labelled
    ? `; on ${labelled.pixels} labelled pixels ${percent(labelled.float32)} are right with exact weights, ${percent(labelled.int8)} with 8 bits`
    : '';
  return `8-bit weights: ${mebibytes(bytes.int8)} instead of ${mebibytes(bytes.float32)}, ${measure} ${percent(agreement)} over ${pixels} pixels${change}`;
}
