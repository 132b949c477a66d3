import { existsSync, statSync } from 'node:fs';
import { AppError } from '../../../base/errors.ts';
import { type MaskId, maskIds } from '../../../contract/catalog/masks.ts';
import type { SceneInfo } from '../../../contract/scene.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { fileInfo } from '../fileInfo.ts';
import { projectPath } from '../projectPath.ts';
import { figure, percent, table } from '../table.ts';

export const sceneAdd: Command = {
  name: 'scene add',
  usage: `DIR FILE… [--date YYYY-MM-DD] [--sensor ID] [--name N] [--bands 1-4,8] [--mask FILE [--mask-kind ${maskIds.join('|')}]] [--scale S] [--offset O]`,
  summary:
    'Add a raster; several files are one stack of bands or tiles side by side, a folder the bands of a product.',
  details: [
    '--bands            only these bands of every file: one date of a file that holds several',
    '--mask FILE        pixels that it calls clouded count as nodata; SCL, QA_PIXEL and UDM2 files are known by name',
    '--scale, --offset  physical value = scale · stored + offset; by file and sensor when left out',
  ],
  options: {
    date: { type: 'string' },
    sensor: { type: 'string' },
    name: { type: 'string' },
    bands: { type: 'string', multiple: true },
    mask: { type: 'string' },
    'mask-kind': { type: 'string' },
    scale: { type: 'string' },
    offset: { type: 'string' },
  },
  words: [2, 1000],
  async run(words, cli) {
    const session = await cli.open(projectPath(words.positional(0)));
    const [date, sensor, name] = [words.text('date'), words.text('sensor'), words.text('name')];
    const [scale, offset] = [words.number('scale'), words.number('offset')];
    const bands = bandList(words.list('bands'));
    const [mask, maskKind] = [words.text('mask'), maskKindOf(words.text('mask-kind'))];
    const { scene, run } = await session.client.call('scenes.add', {
      files: words.positionals.slice(1).map(userPath),
      ...(date === undefined ? {} : { date }),
      ...(sensor === undefined ? {} : { sensor }),
      ...(name === undefined ? {} : { name }),
      ...(bands.length === 0 ? {} : { bands }),
      ...(mask === undefined ? {} : { mask: userPath(mask) }),
      ...(maskKind === undefined ? {} : { maskKind }),
      ...(scale === undefined ? {} : { scale }),
      ...(offset === undefined ? {} : { offset }),
    });
    // The service takes a scene back when its pixels cannot be read: a failure leaves nothing half-added.
    await session.finish(run);
    const info = await session.client.call('scenes.info', { scene: scene.id });
    return { json: { ...info, run }, text: inWords(info) };
  },
};

/** `1-4,8` in full. Errors: usage. */
function bandList(words: readonly string[]): number[] {
  return words.flatMap((word) => {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (!(first >= 1 && last >= first)) {
      throw new AppError('usage', `--bands ${word} is neither a band nor a range of bands`, {
        subject: word,
        remedy: 'Write --bands 1-4,8; bands count from 1.',
      });
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

function maskKindOf(word: string | undefined): MaskId | undefined {
  const kind = maskIds.find((id) => id === word);
  if (word === undefined || kind !== undefined) return kind;
  throw new AppError('usage', `There is no kind of mask '${word}'`, {
    subject: word,
    remedy: `Choose one of ${maskIds.join(', ')}.`,
  });
}

export const sceneInfo: Command = {
  name: 'scene info',
  usage: '(FILE | DIR ID)',
  summary: 'Size, bands, coordinates and statistics of a file, or of a scene of a project.',
  options: {},
  words: [1, 2],
  async run(words, cli) {
    const [first, scene] = [words.positional(0), words.positionals[1]];
    if (scene !== undefined) {
      const { client } = await cli.open(projectPath(first));
      const info = await client.call('scenes.info', { scene });
      return { json: info, text: inWords(info) };
    }
    const file = userPath(first);
    if (existsSync(file) && statSync(file).isDirectory()) {
      throw new AppError('usage', `${file} is a folder`, {
        subject: file,
        remedy: 'Give a file, or a project and the id of a scene: swath scene info DIR ID',
      });
    }
    const info = await fileInfo(file, cli.signal);
    return { json: info, text: inWords(info) };
  },
};

function inWords(info: SceneInfo): string {
  const head = [
    info.scene === null ? info.file : `${info.scene}  ${info.file}`,
    `${info.width} × ${info.height} pixels, ${info.bands.length} band${info.bands.length === 1 ? '' : 's'}`,
    `CRS: ${crsText(info.crs)}`,
    `Geotransform: ${info.geotransform?.join(', ') ?? 'none, pixel coordinates are used'}`,
    ...(info.exact === false ? ['Statistics of a sample of the pixels'] : []),
    ...info.warnings.map((warning) => `Note: ${warning}`),
  ];
  const rows = info.bands.map((b) => [
    b.index,
    b.name,
    b.dtype,
    b.nodata === null ? '–' : String(b.nodata),
    figure(b.min),
    figure(b.max),
    figure(b.mean),
    figure(b.std),
    percent(b.valid),
  ]);
  return [
    ...head,
    '',
    table(['band', 'name', 'type', 'nodata', 'min', 'max', 'mean', 'std', 'valid'], rows),
  ].join('\n');
}

function crsText(crs: number | string | null): string {
  if (crs === null) return 'none';
  return typeof crs === 'number' ? `EPSG:${crs}` : crs.slice(0, 100);
}
