import { AppError } from '../../../base/errors.ts';
import { roles } from '../../../contract/labels.ts';
import type { Input } from '../../../contract/methods.ts';
import type { AssessResult } from '../../../contract/run.ts';
import { userPath } from '../arguments.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';
import { percent, table } from '../table.ts';

export const assess: Command = {
  name: 'assess',
  usage: `DIR --map FILE|ID --reference FILE|held-out|sample|${roles.join('|')} [--class-field F] [--probability-sample] [--report FILE.html]`,
  summary: 'Compare a map with a reference: accuracies, areas and their intervals.',
  details: [
    '--reference            a file of labels; the fields held out when the model was trained; the sample drawn from the map;',
    '                       or fields of a role',
    '--probability-sample   the reference was drawn at random: only then is the answer the accuracy of the map',
  ],
  options: {
    map: { type: 'string' },
    reference: { type: 'string' },
    'class-field': { type: 'string' },
    'probability-sample': { type: 'boolean' },
    report: { type: 'string' },
  },
  words: [1, 1],
  async run(words, cli) {
    const [map, reference] = [words.text('map'), words.text('reference')];
    const missing = map === undefined ? '--map' : '--reference';
    if (map === undefined || reference === undefined) {
      throw new AppError('usage', `${missing} is missing`, {
        subject: missing,
        remedy: `Usage: swath assess ${assess.usage}`,
      });
    }
    const report = words.text('report');
    const session = await cli.open(projectPath(words.positional(0)));
    const known = (await session.client.call('maps.list', {})).some((layer) => layer.id === map);
    const run = await session.finish(
      await session.client.call('assessments.create', {
        map: known ? map : userPath(map),
        reference: referenceOf(reference, words.text('class-field')),
        probabilitySample: words.flag('probability-sample'),
        ...(report === undefined ? {} : { report: userPath(report) }),
      }),
    );
    const result = run.result as unknown as AssessResult;
    return { json: result, text: inWords(result) };
  },
};

type Reference = Input<'assessments.create'>['reference'];
function referenceOf(word: string, classField: string | undefined): Reference {
  if (word === 'held-out' || word === 'sample') return { from: word };
  const role = roles.find((r) => r === word);
  if (role) return { from: 'role', role };
  return { from: 'file', file: userPath(word), ...(classField === undefined ? {} : { classField }) };
}

function inWords(r: AssessResult): string {
  const rows = r.classes.map((c) => [
    c.code,
    c.name,
    percent(c.users),
    percent(c.producers),
    percent(c.f1),
    c.area === null ? '–' : `${c.area.toFixed(1)}${c.areaCi === null ? '' : ` ± ${c.areaCi.toFixed(1)}`}`,
    c.reference,
  ]);
  return [
    `Overall accuracy ${percent(r.oa)}, kappa ${r.kappa.toFixed(3)}, macro F1 ${r.macroF1.toFixed(3)} (${r.kind}, ${r.pixels} pixels)`,
    r.protocol,
    '',
    table(['code', 'class', "user's", "producer's", 'F1', `area (${r.areaUnit})`, 'reference'], rows),
    ...(r.report ? ['', `Report: ${r.report}`] : []),
  ].join('\n');
}
