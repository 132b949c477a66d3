import type { ClassDef, LabelPreview } from '../../electron/contract/labels.ts';
import { nextClass } from './palette.ts';

export interface MappingProposal {
  /** Value → class code, or null to leave it out. */
  readonly mapping: Readonly<Record<string, number | null>>;
  /** Classes that would have to be made. */
  readonly fresh: readonly ClassDef[];
}

const classNames = /crop|class|label|cultur|land_?use|land_?cover|lulc|hcat|kultur|nutzung/i;

/** The column that most likely holds the class: by its name first, then by few values that many fields share. */
export function likelyClassColumn(columns: LabelPreview['fields']): string | undefined {
  const rank = (column: LabelPreview['fields'][number]) => {
    const values = column.values.length + column.more;
    return (classNames.test(column.name) ? 0 : 1000) + (values > 1 && values <= 60 ? values : 500);
  };
  return [...columns].sort((a, b) => rank(a) - rank(b))[0]?.name;
}

/** Written for "nothing here" in label files. */
const nothing = new Set(['', '0', 'null', 'none', 'nan', 'unlabelled', 'unlabeled', 'no data', 'nodata']);

/**
 * What each value of a label column most likely means: the class of that name, or of that code; else a new class of
 * that name. Values that say "nothing" are left out.
 */
export function proposeMapping(values: readonly string[], classes: readonly ClassDef[]): MappingProposal {
  const known = [...classes];
  const mapping: Record<string, number | null> = {};
  for (const value of values) {
    const name = value.trim();
    if (nothing.has(name.toLowerCase())) {
      mapping[value] = null;
      continue;
    }
    const byName = known.find((c) => c.name.toLowerCase() === name.toLowerCase());
    const byCode = classes.find((c) => String(c.code) === name);
    const found = byName ?? byCode ?? newClass(known, name);
    if (found && !known.includes(found)) known.push(found);
    mapping[value] = found?.code ?? null;
  }
  return { mapping, fresh: known.slice(classes.length) };
}

/** A value that is a code of its own keeps it; undefined when all 255 codes are taken. */
function newClass(known: readonly ClassDef[], name: string): ClassDef | undefined {
  if (known.length >= 255) return undefined;
  const proposed = nextClass(known, name.slice(0, 120));
  const code = Number(name);
  const free = Number.isInteger(code) && code >= 1 && code <= 255 && !known.some((c) => c.code === code);
  return free ? { ...proposed, code } : proposed;
}
