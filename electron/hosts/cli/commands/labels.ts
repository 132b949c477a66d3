import { AppError } from '../../../base/errors.ts';
import { type Role, roles } from '../../../contract/labels.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { table } from '../table.ts';

export const labelsImport: Command = {
  name: 'labels import',
  usage: `DIR FILE --class-field F [--role ${roles.join('|')}] [--scene ID]`,
  summary: 'Import labelled fields from a vector file, or from a GeoTIFF of class codes (field: value).',
  options: { 'class-field': { type: 'string' }, role: { type: 'string' }, scene: { type: 'string' } },
  words: [2, 2],
  async run(words, cli) {
    const classField = words.required(
      'class-field',
      'Name the column that holds the class; for a GeoTIFF of codes it is --class-field value',
    );
    const [role, scene] = [words.text('role'), words.text('scene')];
    if (role !== undefined && !isRole(role)) {
      throw new AppError('usage', `--role needs one of ${roles.join(', ')}, not '${role}'`, {
        subject: '--role',
      });
    }
    const { client } = await cli.open(projectPath(words.positional(0)));
    const imported = await client.call('labels.import', {
      file: userPath(words.positional(1)),
      classField,
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

function isRole(word: string): word is Role {
  return roles.some((role) => role === word);
}
