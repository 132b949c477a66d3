import { resolve } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { AppError } from '../../base/errors.ts';

export type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

/** One command's words, sorted out. Getters check what they give: wrong words are `usage`. */
export interface Arguments {
  positional(index: number): string;
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** An option that must be there; `remedy` says where its value comes from. */
  required(name: string, remedy: string): string;
  /** A repeated option, or one with commas. */
  list(name: string): string[];
  integer(name: string): number | undefined;
  number(name: string): number | undefined;
}

/** Options of every command. */
export const commonOptions = {
  help: { type: 'boolean', short: 'h' },
} as const satisfies OptionSpecs;

/** Throws `usage` for an unknown option or a missing value, with the command's usage as the way out. */
export function parseArguments(words: readonly string[], specs: OptionSpecs, usage: string): Arguments {
  const { values, positionals } = parse(words, specs, usage);
  const wrong = (message: string, subject: string) =>
    new AppError('usage', message, { subject, remedy: `Usage: ${usage}` });
  const text = (name: string): string | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw wrong(`--${name} needs one value`, `--${name}`);
    if (value.trim() === '') throw wrong(`--${name} is empty`, `--${name}`);
    return value;
  };
  return {
    positionals,
    positional(index) {
      const value = positionals[index];
      if (value === undefined || value === '') throw wrong('A word is missing', usage);
      return value;
    },
    flag: (name) => values[name] === true,
    text,
    required(name, remedy) {
      const value = text(name);
      if (value === undefined)
        throw new AppError('usage', `--${name} is missing`, { subject: `--${name}`, remedy });
      return value;
    },
    list: (name) => {
      const value = values[name];
      const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
      return all.flatMap((v) => String(v).split(',')).filter((v) => v !== '');
    },
    number(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isFinite(number)) throw wrong(`--${name} needs a number, not '${value}'`, `--${name}`);
      return number;
    },
    integer(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (!Number.isInteger(number))
        throw wrong(`--${name} needs a whole number, not '${value}'`, `--${name}`);
      return number;
    },
  };
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parse(
  words: readonly string[],
  specs: OptionSpecs,
  usage: string,
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({
      args: joinNegativeValues(words, specs),
      options: { ...specs, ...commonOptions },
      allowPositionals: true,
      strict: true,
    });
  } catch (cause) {
    const message = (cause as Error).message.split('. ')[0] ?? 'The command was not understood';
    throw new AppError('usage', message, { remedy: `Usage: ${usage}`, cause });
  }
}

/** `--bbox -10,0,5,8`: a value that begins with a minus sign is a value, not an option. */
function joinNegativeValues(words: readonly string[], specs: OptionSpecs): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    const takesValue = word.startsWith('--') && specs[word.slice(2)]?.type === 'string';
    if (takesValue && next !== undefined && /^-[\d.]/.test(next)) {
      joined.push(`${word}=${next}`);
      i++;
    } else joined.push(word);
  }
  return joined;
}

/** `temperature=0.1` → { temperature: 0.1 }; numbers, true and false are recognised. */
export function parseSettings(pairs: readonly string[]): Record<string, number | string | boolean> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) {
        throw new AppError('usage', `--set needs key=value, not '${pair}'`, {
          subject: pair,
          remedy: 'For example --set temperature=0.1',
        });
      }
      const value = pair.slice(at + 1);
      const number = Number(value);
      if (value === 'true' || value === 'false') return [pair.slice(0, at), value === 'true'];
      return [pair.slice(0, at), value.trim() !== '' && Number.isFinite(number) ? number : value];
    }),
  );
}

/** `minx,miny,maxx,maxy` as numbers. */
export function parseBox(text: string): [number, number, number, number] {
  const [a, b, c, d, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (more.length > 0 || ![a, b, c, d].every((v) => v !== undefined && Number.isFinite(v))) {
    throw new AppError('usage', `--bbox needs minx,miny,maxx,maxy, not '${text}'`, {
      subject: '--bbox',
      remedy: 'Give four numbers in the coordinates of the project.',
    });
  }
  return [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
}

/** Paths stand relative to where the user is: npm changes the working folder and leaves the old one in INIT_CWD. */
export function userPath(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}
