import { checkFolder } from '../../../services/checkFolder.ts';
import type { Command } from '../command.ts';
import { projectPath } from '../projectPath.ts';

export const check: Command = {
  name: 'check',
  usage: 'DIR',
  summary: 'Verify a project and repair what is derived.',
  details: ['Nothing that a user made is changed. `ok` in --json: nothing is wrong that was not repaired.'],
  options: {},
  words: [1, 1],
  async run(words) {
    const report = await checkFolder(projectPath(words.positional(0)));
    const lines = report.findings.map(({ subject, problem, repaired, remedy }) =>
      [`${repaired ? 'repaired' : 'problem '}  ${subject}: ${problem}.`, remedy ?? ''].join(' ').trim(),
    );
    const verdict = report.ok
      ? lines.length === 0
        ? 'Nothing is wrong.'
        : 'Everything that was wrong is repaired.'
      : 'Something is wrong that Swath cannot repair.';
    return { json: report, text: [...lines, verdict, `Backups: ${report.backups.length}`].join('\n') };
  },
};
