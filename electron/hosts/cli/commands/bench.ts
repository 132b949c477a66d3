import { AppError } from '../../../base/errors.ts';
import { benchNames } from '../../../contract/bench.ts';
import { type BenchReport, runBench } from '../bench.ts';
import type { Command } from '../command.ts';
import { mebibytes, percent, table } from '../table.ts';

export const bench: Command = {
  name: 'bench',
  usage: `[--case ${benchNames.join(',')}] [--device cpu|auto|…] [--profile]`,
  summary: 'Measure training steps, the training loop and mapping on this machine: minutes.',
  details: [
    '--case     only these measurements; all when left out',
    '--device   cpu when left out, so that figures of two machines compare',
    '--profile  also where the time of a step goes, by operator',
  ],
  options: {
    case: { type: 'string', multiple: true },
    device: { type: 'string' },
    profile: { type: 'boolean' },
  },
  words: [0, 0],
  async run(words, cli) {
    const asked = words.list('case');
    const wrong = asked.find((name) => !benchNames.some((known) => known === name));
    if (wrong !== undefined) {
      throw new AppError('usage', `There is no measurement ${wrong}`, {
        subject: wrong,
        remedy: `Choose from ${benchNames.join(', ')}.`,
      });
    }
    const names = benchNames.filter((name) => asked.length === 0 || asked.includes(name));
    const report = await runBench(names, {
      device: words.text('device') ?? 'cpu',
      profile: words.flag('profile'),
      signal: cli.signal,
      note: cli.note,
    });
    return { json: report, text: inWords(report) };
  },
};

function inWords({ machine, cases }: BenchReport): string {
  return [
    `${machine.cpu}, ${machine.cores} cores, ${mebibytes(machine.memoryBytes)}, ${machine.platform}, Node ${machine.node}`,
    '',
    table(
      [
        'case',
        'device',
        'tiles/s',
        'pixels/s',
        'GFLOP/s',
        'of matmul',
        'of bare engine',
        'peak memory',
        'compile',
      ],
      cases.map((c) => [
        c.name,
        c.device,
        Number(c.tilesPerSecond.toFixed(1)),
        c.pixelsPerSecond === null ? null : Math.round(c.pixelsPerSecond),
        Number(c.gflops.toFixed(1)),
        percent(c.shareOfMatmul),
        c.shareOfEngine === null ? null : percent(c.shareOfEngine),
        mebibytes(c.peakRssBytes),
        `${c.compileSeconds.toFixed(1)} s`,
      ]),
    ),
    ...cases.flatMap(({ name, profile }) =>
      profile
        ? [
            '',
            `${name}: ${profile
              .slice(0, 8)
              .map(({ op, share }) => `${op} ${percent(share)}`)
              .join(', ')}`,
          ]
        : [],
    ),
  ].join('\n');
}
