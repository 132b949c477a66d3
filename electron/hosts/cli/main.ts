/** `npm run -s swath -- COMMAND …`: stdout holds the answer, stderr everything else. */
import { AppError, toErrorRecord } from '../../base/errors.ts';
import { exitCode } from '../../contract/exitCodes.ts';
import { createCliApp } from './app.ts';
import { parseArguments } from './arguments.ts';
import type { Answer, Cli, Command } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, generalHelp, usageOf } from './help.ts';
import { ProgressLine } from './progressLine.ts';
import { openSession, type Session } from './session.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(given: readonly string[]): Promise<number> {
  const json = given.includes('--json');
  const words = given.filter((word) => word !== '--json');
  try {
    const command = findCommand(words);
    if (command === null || words.includes('--help') || words.includes('-h')) {
      process.stdout.write(`${command === null ? generalHelp(commands) : commandHelp(command)}\n`);
      return 0;
    }
    const answer = await runCommand(command, words.slice(command.name.split(' ').length), json);
    if (answer) process.stdout.write(`${json ? JSON.stringify(answer.json) : answer.text}\n`);
    return 0;
  } catch (error) {
    return report(error, json);
  }
}

/** null: help was asked for, without a command. */
function findCommand(words: readonly string[]): Command | null {
  const [first, second] = words;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    if (first !== undefined) return null;
    throw new AppError('usage', 'A command is missing', { remedy: commandsRemedy() });
  }
  const found =
    commands.find((c) => c.name === `${first} ${second}`) ?? commands.find((c) => c.name === first);
  if (found) return found;
  const family = commands.filter((c) => c.name.startsWith(`${first} `));
  if (family.length > 0) {
    throw new AppError('usage', `'${first}' needs a second word, not '${second ?? ''}'`, {
      subject: first,
      remedy: family.map(usageOf).join(' | '),
    });
  }
  throw new AppError('usage', `There is no command '${first}'`, { subject: first, remedy: commandsRemedy() });
}

function commandsRemedy(): string {
  return `Commands: ${commands.map((c) => c.name).join(', ')}. Add --help for more.`;
}

async function runCommand(command: Command, words: readonly string[], json: boolean): Promise<Answer | null> {
  const args = parseArguments(words, command.options, usageOf(command));
  const [least, most] = command.words;
  if (args.positionals.length < least || args.positionals.length > most) {
    const extra = args.positionals[most];
    throw new AppError(
      'usage',
      extra === undefined ? 'A word is missing' : `'${extra}' is one word too many`,
      {
        subject: extra ?? command.name,
        remedy: `Usage: ${usageOf(command)}`,
      },
    );
  }
  const abort = new AbortController();
  const line = new ProgressLine((text) => process.stderr.write(text), process.stderr.isTTY === true);
  const sessions: Session[] = [];
  const note = (text: string) => {
    line.end();
    process.stderr.write(`${text}\n`);
  };
  const cli: Cli = {
    json,
    signal: abort.signal,
    note,
    async open(project) {
      const session = await openSession(createCliApp(note), project, {
        signal: abort.signal,
        onProgress: (progress) => line.show(progress, performance.now()),
        onNotice: (_, message) => note(message),
      });
      sessions.push(session);
      return session;
    },
  };
  const interrupted = new Promise<never>((_, reject) => {
    abort.signal.addEventListener('abort', () => {
      // A run that is waited for reports its own end; anything else is left after this long.
      setTimeout(() => reject(new AppError('cancelled', 'Cancelled')), 1500).unref();
    });
  });
  const stop = () => abort.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  try {
    return await Promise.race([command.run(args, cli), interrupted]);
  } finally {
    line.end();
    await Promise.all(sessions.map((session) => session.dispose()));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  }
}

function report(error: unknown, json: boolean): number {
  const record = toErrorRecord(error);
  const { code, message, subject = null, remedy = null } = record;
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, subject, remedy } })}\n`);
  else process.stderr.write(`${message}\n${remedy ? `${remedy}\n` : ''}`);
  if (code === 'internal' && record.stack) process.stderr.write(`${record.stack}\n`);
  return exitCode(code);
}
