import { AppError } from '../base/errors.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { Value } from '../vector/types.ts';
import { nextColor } from './palette.ts';

export interface ClassCoding {
  /** Code of a value of the class field; null: left out, for `reason`. */
  codeOf(value: Value | undefined): { readonly code: number } | { readonly reason: string };
  /** Classes to save: new ones, and none that were there. */
  readonly fresh: readonly ClassDef[];
}

/**
 * Class codes for the values of a column. Whole numbers from 1 to 255 are their own codes; anything else is numbered:
 * a value that is the name of a class takes its code, the rest take free codes in the order of their names.
 * `mapping`, when given, decides alone.
 * Errors: bad-input for more classes than codes.
 */
export function codeClasses(
  values: readonly (Value | undefined)[],
  classes: readonly ClassDef[],
  mapping: Readonly<Record<string, number | null>> | undefined,
): ClassCoding {
  const words = [...new Set(values.map(wordOf).filter((word) => word !== null))];
  const table = new Map<string, number | null>();
  if (mapping) for (const [word, code] of Object.entries(mapping)) table.set(word.trim(), code);
  else if (words.every((word) => isCode(word) || word === '0')) {
    for (const word of words) if (word !== '0') table.set(word, Number(word));
  } else numberWords(words, classes, table);
  const known = new Set(classes.map((c) => c.code));
  const fresh: ClassDef[] = [];
  for (const word of words) {
    const code = table.get(word);
    if (code === undefined || code === null || known.has(code)) continue;
    known.add(code);
    const name = /^\d+$/.test(word) && Number(word) === code ? `Class ${code}` : word;
    const color = nextColor([...classes, ...fresh].map((c) => c.color));
    fresh.push({ code, name: name.slice(0, 120), color, key: null });
  }
  return {
    fresh: fresh.sort((a, b) => a.code - b.code),
    codeOf(value) {
      const word = wordOf(value);
      if (word === null) return { reason: 'no class stated' };
      const code = table.get(word);
      if (code === undefined)
        return {
          reason: word === '0' ? 'class 0, which means unlabelled' : `class ${word} not in the mapping`,
        };
      return code === null ? { reason: `class ${word} left out` } : { code };
    },
  };
}

function numberWords(
  words: readonly string[],
  classes: readonly ClassDef[],
  table: Map<string, number | null>,
): void {
  const byName = new Map(classes.map((c) => [c.name.toLowerCase(), c.code]));
  const taken = new Set(classes.map((c) => c.code));
  const numeric = words.every((word) => /^-?\d+$/.test(word));
  // Numbers that are no codes (EuroCrops has ten digits) in their own order; names as people sort them.
  const sorted = [...words].sort((a, b) => (numeric ? Number(a) - Number(b) : a.localeCompare(b, 'en')));
  let next = 1;
  for (const word of sorted) {
    if (numeric && word === '0') continue;
    const named = byName.get(word.toLowerCase());
    if (named !== undefined) {
      table.set(word, named);
      continue;
    }
    while (taken.has(next)) next++;
    if (next > 255) {
      throw new AppError(
        'bad-input',
        `There are ${words.length} different classes, and a map holds at most 255`,
        {
          remedy: 'Choose another column, or group the classes with a mapping.',
        },
      );
    }
    taken.add(next);
    table.set(word, next);
  }
}

function isCode(word: string): boolean {
  return /^\d+$/.test(word) && Number(word) >= 1 && Number(word) <= 255;
}

/** A value as text; 3 and "3" and 3.0 are one class. null: no value. */
export function wordOf(value: Value | undefined): string | null {
  if (value === null || value === undefined) return null;
  const word = String(value).trim();
  return word === '' ? null : word;
}
