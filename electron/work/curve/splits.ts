/** Which labelled pixels teach and which are asked, for one seed of a learning curve. */
import { AppError } from '../../base/errors.ts';
import { prngFrom, shuffle } from '../../base/prng.ts';
import type { CurveSplit } from '../../contract/run.ts';
import type { LabelledPixels } from '../labelledPixels.ts';
import { splitHalves } from '../protocol.ts';

/** Where labelled pixels lie and what they are: all that a split may look at. */
export type Layout = Pick<LabelledPixels, 'fields' | 'field' | 'col' | 'row' | 'count'>;

export interface PixelSplit {
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** Pixels of one group vouch for each other: a field, a block, or (in a random split) the pixel itself. */
  readonly group: Int32Array;
  readonly codes: readonly number[];
}

/** `buffer`: pixels between what teaches and what is asked in a split by blocks. Errors: bad-input when a class is left alone. */
export function splitPixels(layout: Layout, split: CurveSplit, buffer: number, seed: number): PixelSplit {
  if (split === 'field') return byField(layout, seed);
  return split === 'block' ? byBlock(layout, buffer, seed) : atRandom(layout, seed);
}

const codeOf = (layout: Layout, i: number) => layout.fields[layout.field[i] ?? -1]?.classCode ?? 0;
const all = (layout: Layout) => Array.from({ length: layout.count }, (_, i) => i);

function byField(layout: Layout, seed: number): PixelSplit {
  const { train, test } = splitHalves(layout.fields, seed);
  const teaches = new Set(train);
  const asks = new Set(test);
  const field = (i: number) => layout.field[i] ?? -1;
  return complete(
    layout,
    all(layout).filter((i) => teaches.has(field(i))),
    all(layout).filter((i) => asks.has(field(i))),
    layout.field,
  );
}

/** A block is four buffers wide, so that half of its width is left when a margin of half a buffer is taken off each side. */
function byBlock(layout: Layout, buffer: number, seed: number): PixelSplit {
  const side = Math.max(32, 4 * buffer);
  const margin = Math.ceil(buffer / 2);
  const along = (v: number) => Math.floor(v / side);
  const inner = (v: number) => v % side >= margin && v % side < side - margin;
  const group = Int32Array.from(
    { length: layout.count },
    (_, i) => Math.imul(along(layout.row[i] ?? 0), 1 << 15) + along(layout.col[i] ?? 0),
  );
  const blocks = shuffle(
    [...new Set(group)].sort((a, b) => a - b),
    prngFrom(seed, 'blocks'),
  );
  const teaches = new Set(blocks.slice(0, Math.floor(blocks.length / 2)));
  // Two margins make one buffer between any two pixels of different blocks.
  const kept = all(layout).filter((i) => inner(layout.col[i] ?? 0) && inner(layout.row[i] ?? 0));
  return complete(
    layout,
    kept.filter((i) => teaches.has(group[i] as number)),
    kept.filter((i) => !teaches.has(group[i] as number)),
    group,
  );
}

function atRandom(layout: Layout, seed: number): PixelSplit {
  const order = shuffle(all(layout), prngFrom(seed, 'random split'));
  const half = Math.floor(order.length / 2);
  const ascending = (list: number[]) => list.sort((a, b) => a - b);
  return complete(
    layout,
    ascending(order.slice(0, half)),
    ascending(order.slice(half)),
    Int32Array.from({ length: layout.count }, (_, i) => i),
  );
}

/** Only classes that both teach and are asked count. */
function complete(
  layout: Layout,
  train: readonly number[],
  test: readonly number[],
  group: Int32Array,
): PixelSplit {
  const taught = new Set(train.map((i) => codeOf(layout, i)));
  const asked = new Set(test.map((i) => codeOf(layout, i)));
  const codes = [...taught].filter((code) => asked.has(code)).sort((a, b) => a - b);
  if (codes.length < 2) {
    throw new AppError(
      'bad-input',
      `A learning curve needs two classes that can both teach and be asked; here there are ${codes.length}`,
      { remedy: 'Label at least two separate fields of each class, or use --split random.' },
    );
  }
  const counts = (i: number) => codes.includes(codeOf(layout, i));
  return { train: train.filter(counts), test: test.filter(counts), group, codes };
}
