import { AppError } from '../base/errors.ts';
import type { ClassDef } from '../contract/labels.ts';
import type { Feature, Value, VectorLayer } from '../vector/types.ts';
import { nextColor } from './palette.ts';

export interface ClassCoding {
  /** Code of a value of the class field; null: left out, for `reason`. */
  codeOf(value: Value | undefined): { readonly code: number } | { readonly reason: string };
  /** Classes to save: new ones, and none that were there. */
  readonly fresh: readonly ClassDef[];
}

/**
 * Class codes for the values of a column. A value that is the name of a class takes its code; otherwise whole numbers
 * from 1 to 255 are their own codes, and anything else takes free codes in the order of the names.
 * `mapping`, when given, decides alone. `names` has what values are called, where the file says it.
 * Errors: bad-input for more classes than codes.
 */
export function codeClasses(
  values: readonly (Value | undefined)[],
  classes: readonly ClassDef[],
  mapping: Readonly<Record<string, number | null>> | undefined,
  names: ReadonlyMap<string, string> = new Map(),
): ClassCoding {
  const words = [...new Set(values.map(wordOf).filter((word) => word !== null))];
  const table = new Map<string, number | null>();
  if (mapping) for (const [word, code] of Object.entries(mapping)) table.set(word.trim(), code);
  else if (words.every((word) => isCode(word) || word === '0')) {
    const byName = new Map(classes.map((c) => [c.name, c.code]));
    for (const word of words) if (word !== '0') table.set(word, byName.get(word) ?? Number(word));
  } else numberWords(words, classes, table);
  const known = new Set(classes.map((c) => c.code));
  const fresh: ClassDef[] = [];
  for (const word of words) {
    const code = table.get(word);
    if (code === undefined || code === null || known.has(code)) continue;
    known.add(code);
    const name = names.get(word) ?? (/^\d+$/.test(word) && Number(word) === code ? `Class ${code}` : word);
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
  const byName = new Map(classes.map((c) => [c.name.toLowerCase().replace(/^class (?=\d+$)/, ''), c.code]));
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

/**
 * What codes are called, from a column of the same file that goes with them one to one (LULC_ID 2 is always "Forest" in
 * LULC_NAME, and nothing else is). Empty when there is none, or for a column that holds names already.
 */
export function namesOfCodes(
  layer: Pick<VectorLayer, 'fields' | 'features'>,
  column: string,
): Map<string, string> {
  const none = new Map<string, string>();
  if (layer.fields.find(({ name }) => name === column)?.type === 'text') return none;
  const likely = /name|label|class|crop|kultur|cultur|desc|title/i;
  const columns = layer.fields
    .filter(({ name, type }) => type === 'text' && name !== column && likely.test(name))
    .map(({ name }) => pairs(layer.features, column, name));
  return columns.find((found) => found !== null) ?? none;
}

/** Value → name when no value has two names, no name two values, and there are two at least; else null. */
function pairs(features: readonly Feature[], column: string, other: string): Map<string, string> | null {
  const names = new Map<string, string>();
  for (const { properties } of features) {
    const [word, name] = [wordOf(properties[column]), wordOf(properties[other])];
    if (word === null) continue;
    if (name === null || (names.get(word) ?? name) !== name) return null;
    names.set(word, name);
  }
  return names.size >= 2 && new Set(names.values()).size === names.size ? names : null;
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
