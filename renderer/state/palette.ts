import type { ClassDef } from '../../electron/contract/labels.ts';

/**
 * Colours for new classes. The first eight are Okabe and Ito's set (black left out, as it vanishes in imagery), which
 * stays apart under the common colour-vision deficiencies; the rest are Tol's muted scheme.
 */
export const classPalette = [
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#882255',
  '#44aa99',
  '#999933',
  '#332288',
  '#ddcc77',
  '#aa4499',
  '#88ccee',
  '#117733',
  '#cc6677',
] as const;

/** The next class in a row: lowest free code, first unused colour, first free key from 1 to 9. */
export function nextClass(classes: readonly ClassDef[], name: string): ClassDef {
  const codes = new Set(classes.map((c) => c.code));
  const colors = new Set(classes.map((c) => c.color.toLowerCase()));
  const keys = new Set(classes.map((c) => c.key));
  let code = 1;
  while (codes.has(code)) code += 1;
  const color =
    classPalette.find((c) => !colors.has(c)) ?? classPalette[code % classPalette.length] ?? classPalette[0];
  const key = ['1', '2', '3', '4', '5', '6', '7', '8', '9'].find((k) => !keys.has(k)) ?? null;
  return { code, name, color, key };
}

/** Adds the classes of a list under their own codes; codes in use are left as they are. */
export function withList(
  classes: readonly ClassDef[],
  picked: readonly Pick<ClassDef, 'code' | 'name' | 'color'>[],
): ClassDef[] {
  const all = [...classes];
  for (const { code, name, color } of picked) {
    if (all.some((c) => c.code === code)) continue;
    all.push({ ...nextClass(all, name), code, color });
  }
  return all;
}

/** The same classes in colours that stay apart without colour vision, as far as there are any. */
export function safeColors(classes: readonly ClassDef[]): ClassDef[] {
  return classes.map((c, i) => ({ ...c, color: classPalette[i] ?? c.color }));
}
