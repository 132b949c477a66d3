import { existsSync, statSync } from 'node:fs';
import { AppError } from '../../../base/errors.ts';
import type { SceneInfo } from '../../../contract/scene.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { fileInfo } from '../fileInfo.ts';
import { projectPath } from '../projectPath.ts';
import { figure, percent, table } from '../table.ts';

export const sceneAdd: Command = {
  name: 'scene add',
  usage: 'DIR FILE… [--date YYYY-MM-DD] [--sensor ID] [--name N] [--scale S] [--offset O]',
  summary: 'Add a raster to a project; several files are one stack of bands, or tiles side by side.',
  details: ['--scale, --offset  physical value = scale · stored + offset; by file and sensor when left out'],
  options: {
    date: { type: 'string' },
    sensor: { type: 'string' },
    name: { type: 'string' },
    scale: { type: 'string' },
    offset: { type: 'string' },
  },
  words: [2, 1000],
  async run(words, cli) {
    const session = await cli.open(projectPath(words.positional(0)));
    const [date, sensor, name] = [words.text('date'), words.text('sensor'), words.text('name')];
    const [scale, offset] = [words.number('scale'), words.number('offset')];
    const { scene, run } = await session.client.call('scenes.add', {
      files: words.positionals.slice(1).map(userPath),
      ...(date === undefined ? {} : { date }),
      ...(sensor === undefined ? {} : { sensor }),
      ...(name === undefined ? {} : { name }),
      ...(scale === undefined ? {} : { scale }),
      ...(offset === undefined ? {} : { offset }),
    });
    // The service takes a scene back when its pixels cannot be read: a failure leaves nothing half-added.
    await session.finish(run);
    const info = await session.client.call('scenes.info', { scene: scene.id });
    return { json: { ...info, run }, text: inWords(info) };
  },
};

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
