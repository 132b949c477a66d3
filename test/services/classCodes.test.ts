import { describe, expect, it } from 'vitest';
import type { ClassDef } from '../../electron/contract/labels.ts';
import { codeClasses, namesOfCodes } from '../../electron/services/classCodes.ts';

const wheat: ClassDef = { code: 3, name: 'Wheat', color: '#ddcc77', key: null };
const code = (coding: ReturnType<typeof codeClasses>, value: string | number | null) => coding.codeOf(value);

describe('codeClasses', () => {
  it('keeps whole numbers from 1 to 255 as their own codes, as numbers or as text', () => {
    const coding = codeClasses([7, '12', 255], [], undefined);
    expect(code(coding, 7)).toEqual({ code: 7 });
    expect(code(coding, '12')).toEqual({ code: 12 });
    expect(coding.fresh.map((c) => [c.code, c.name])).toEqual([
      [7, 'Class 7'],
      [12, 'Class 12'],
      [255, 'Class 255'],
    ]);
  });

  it('leaves out 0 and what is missing, with the reason', () => {
    const coding = codeClasses([0, 1, null], [], undefined);
    expect(code(coding, 0)).toEqual({ reason: 'class 0, which means unlabelled' });
    expect(code(coding, null)).toEqual({ reason: 'no class stated' });
    expect(coding.fresh.map((c) => c.code)).toEqual([1]);
  });

  it('numbers names in their order, and knows the classes that are there by name', () => {
    const coding = codeClasses(['wheat', 'maize', 'cotton'], [wheat], undefined);
    expect(code(coding, 'wheat')).toEqual({ code: 3 });
    expect(code(coding, 'cotton')).toEqual({ code: 1 });
    expect(code(coding, 'maize')).toEqual({ code: 2 });
    expect(coding.fresh.map((c) => c.name)).toEqual(['cotton', 'maize']);
  });

  it('numbers codes that do not fit into a byte, by size, under their own names', () => {
    const coding = codeClasses([3301010600, 3301010101], [], undefined);
    expect(coding.fresh.map((c) => [c.code, c.name])).toEqual([
      [1, '3301010101'],
      [2, '3301010600'],
    ]);
  });

  it('gives every class a colour that no other has', () => {
    const coding = codeClasses(
      Array.from({ length: 60 }, (_, i) => `crop ${i}`),
      [wheat],
      undefined,
    );
    const colors = [wheat, ...coding.fresh].map((c) => c.color);
    expect(new Set(colors).size).toBe(61);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('does as a mapping says, and nothing else', () => {
    const coding = codeClasses(['a', 'b', 'c'], [], { a: 9, b: null });
    expect(code(coding, 'a')).toEqual({ code: 9 });
    expect(code(coding, 'b')).toEqual({ reason: 'class b left out' });
    expect(code(coding, 'c')).toEqual({ reason: 'class c not in the mapping' });
  });

  it('gives a number that became the name of a class the code of that class', () => {
    const first = codeClasses([2, 300], [], undefined);
    expect(first.fresh.map(({ code, name }) => [code, name])).toEqual([
      [1, '2'],
      [2, '300'],
    ]);
    // The same file cut to its small codes, and the other way about.
    expect(code(codeClasses([2], first.fresh, undefined), 2)).toEqual({ code: 1 });
    const own = codeClasses([2, 7], [], undefined);
    expect(code(codeClasses([2, 300], own.fresh, undefined), 2)).toEqual({ code: 2 });
  });

  it('refuses more classes than a map can hold', () => {
    const names = Array.from({ length: 256 }, (_, i) => `crop ${i}`);
    expect(() => codeClasses(names, [], undefined)).toThrow(/at most 255/);
  });
});

describe('namesOfCodes', () => {
  const fields = [
    { name: 'ID', type: 'integer' },
    { name: 'CROP_NAME', type: 'text' },
  ] as const;
  const rows = (...pairs: [number, string | null][]) => ({
    fields,
    features: pairs.map(([ID, CROP_NAME]) => ({ geometry: null, properties: { ID, CROP_NAME } })),
  });

  it('finds the column that names the codes one to one', () => {
    const names = namesOfCodes(rows([1, 'Wheat'], [2, 'Maize'], [1, 'Wheat']), 'ID');
    expect([...names]).toEqual([
      ['1', 'Wheat'],
      ['2', 'Maize'],
    ]);
    const coding = codeClasses([1, 2], [], undefined, names);
    expect(coding.fresh.map((c) => c.name)).toEqual(['Wheat', 'Maize']);
  });

  it('trusts no column with two names for a code, one name for two, or gaps', () => {
    expect(namesOfCodes(rows([1, 'Wheat'], [1, 'Maize']), 'ID').size).toBe(0);
    expect(namesOfCodes(rows([1, 'Wheat'], [2, 'Wheat']), 'ID').size).toBe(0);
    expect(namesOfCodes(rows([1, 'Wheat'], [2, null]), 'ID').size).toBe(0);
    expect(namesOfCodes(rows([1, 'Wheat'], [2, 'Maize']), 'CROP_NAME').size).toBe(0);
  });
});
