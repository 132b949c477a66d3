import { AppError } from '../../../base/errors.ts';
import { type Role, roles } from '../../../contract/labels.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { table } from '../table.ts';

export const labelsImport: Command = {
  name: 'labels import',
  usage: `DIR FILE --class-field F [--map VALUE=CODE]… [--layer L] [--role ${roles.join('|')}] [--scene ID]`,
  summary: 'Import labelled fields from a vector file, or from a GeoTIFF of class codes (field: value).',
  details: [
    '--map wheat=3  the class code of a value, as often as needed; --map fallow=- leaves a value out.',
    '               Then every other value is left out too. Without it, names are numbered in their order.',
    '--layer L      the layer of a GeoPackage; the first with areas when left out',
  ],
  options: {
    'class-field': { type: 'string' },
    map: { type: 'string', multiple: true },
    layer: { type: 'string' },
    role: { type: 'string' },
    scene: { type: 'string' },
  },
  words: [2, 2],
  async run(words, cli) {
    const classField = words.required(
      'class-field',
      'Name the column that holds the class; for a GeoTIFF of codes it is --class-field value',
    );
    const [role, scene, layer] = [words.text('role'), words.text('scene'), words.text('layer')];
    const mapping = mappingOf(words.list('map'));
    if (role !== undefined && !isRole(role)) {
      throw new AppError('usage', `--role needs one of ${roles.join(', ')}, not '${role}'`, {
        subject: '--role',
      });
    }
    const { client } = await cli.open(projectPath(words.positional(0)));
    const imported = await client.call('labels.import', {
      file: userPath(words.positional(1)),
      classField,
      ...(mapping === undefined ? {} : { mapping }),
      ...(layer === undefined ? {} : { layer }),
      ...(role === undefined ? {} : { role }),
      ...(scene === undefined ? {} : { scene }),
    });
    const lines = [
      `Imported ${imported.count} fields of ${imported.layer}`,
      ...(imported.repaired > 0 ? [`Repaired ${imported.repaired}`] : []),
      ...(imported.outside > 0 ? [`${imported.outside} lie outside every scene`] : []),
      ...imported.dropped.map(({ reason, count }) => `Left out ${count}: ${reason}`),
      '',
      table(
        ['code', 'class', 'fields'],
        imported.classes.map((c) => [c.code, c.name, c.count]),
      ),
    ];
    return { json: imported, text: lines.join('\n') };
  },
};

export const labelsPreview: Command = {
  name: 'labels preview',
  usage: 'DIR FILE [--layer L]',
  summary: 'What a file of labels holds: its layers, its columns, and their values with counts.',
  options: { layer: { type: 'string' } },
  words: [2, 2],
  async run(words, cli) {
    const { client } = await cli.open(projectPath(words.positional(0)));
    const layer = words.text('layer');
    const file = userPath(words.positional(1));
    const preview = await client.call('labels.preview', { file, ...(layer === undefined ? {} : { layer }) });
    const columns = preview.fields.map(({ name, type, values, more }) => {
      const counts = values.map(({ value, count }) => `  ${value}: ${count}`);
      return [`${name} (${type})`, ...counts, ...(more > 0 ? [`  … and ${more} more values`] : [])].join(
        '\n',
      );
    });
    const layers = preview.layers.length > 1 ? [`Layers: ${preview.layers.join(', ')}`] : [];
    return { json: preview, text: [`${preview.count} shapes`, ...layers, ...columns].join('\n') };
  },
};

/** `wheat=3` → 3, `fallow=-` → left out; undefined for none. Errors: usage. */
function mappingOf(words: readonly string[]): Record<string, number | null> | undefined {
  if (words.length === 0) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const at = word.lastIndexOf('=');
      const [value, code] = [word.slice(0, at), word.slice(at + 1)];
      const known = code === '-' || (/^\d+$/.test(code) && Number(code) >= 1 && Number(code) <= 255);
      if (at > 0 && known) return [value, code === '-' ? null : Number(code)];
      throw new AppError('usage', `--map needs VALUE=CODE with a code from 1 to 255 or -, not '${word}'`, {
        subject: '--map',
        remedy: 'For example --map wheat=3 --map fallow=-',
      });
    }),
  );
}

function isRole(word: string): word is Role {
  return roles.some((role) => role === word);
}
