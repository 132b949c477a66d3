import type { Arguments, OptionSpecs } from './arguments.ts';
import type { Session } from './session.ts';

/** What a command answers: the document of `--json`, and words for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

/** What a command is given beside its words. */
export interface Cli {
  /** Only the document may go to stdout. */
  readonly json: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** A line on stderr, above the progress. */
  note(line: string): void;
  /** The app with a project open; closed when the command ends. `null`: without a project. */
  open(project: string | null): Promise<Session>;
}

export interface Command {
  /** One or two words: `scene add`. */
  readonly name: string;
  /** What follows the name in the usage. */
  readonly usage: string;
  readonly summary: string;
  /** One line per option, for `--help`. */
  readonly details?: readonly string[];
  readonly options: OptionSpecs;
  /** Least and most words that are not options. */
  readonly words: readonly [number, number];
  /** null: it has said all itself. */
  run(words: Arguments, cli: Cli): Promise<Answer | null>;
}
