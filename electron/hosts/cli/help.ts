import type { Command } from './command.ts';

export function usageOf(command: Pick<Command, 'name' | 'usage'>): string {
  return `swath ${command.name} ${command.usage}`.trim();
}

export function generalHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  return [
    'swath: crop maps from your own satellite scenes.',
    '',
    'Usage: npm run -s swath -- COMMAND … [--json]',
    '',
    ...commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`),
    '',
    'COMMAND --help tells more. With --json, stdout holds one JSON document; progress goes to stderr.',
    'Exit code: 0 done, 1 failed, 2 wrong usage, 130 cancelled.',
  ].join('\n');
}

export function commandHelp(command: Command): string {
  return [
    command.summary,
    '',
    `Usage: ${usageOf(command)} [--json]`,
    ...(command.details ? ['', ...command.details.map((line) => `  ${line}`)] : []),
  ].join('\n');
}
