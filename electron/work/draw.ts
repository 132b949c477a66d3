/** Which labelled pixels a head learns from. */
import { must } from '../base/assert.ts';
import { prngFrom, shuffle } from '../base/prng.ts';
import type { HeadId } from '../contract/catalog/ids.ts';
import type { LabelledPixels } from './labelledPixels.ts';

/** Pixels per class that a head learns from at most: beyond it accuracy gains nothing, and each costs time. */
export const pixelsPerClass: Readonly<Record<HeadId, number>> = {
  linear: 400,
  mlp: 1000,
  knn: 200,
  finetune: 1000,
};

/** Indices of the pixels of each field, in the order of the scene. */
export function pixelsByField({ field, fields, count }: LabelledPixels): number[][] {
  const lists: number[][] = fields.map(() => []);
  for (let i = 0; i < count; i++) must(lists[field[i] ?? -1], 'field of a pixel').push(i);
  return lists;
}

/** `perClass` pixels of each class, drawn from all pixels of the given fields; fewer where there are not so many. */
export function drawPerClass(
  pixels: LabelledPixels,
  byField: readonly number[][],
  fields: readonly number[],
  perClass: number,
  seed: number,
): number[] {
  return classesOf(pixels, fields).flatMap(([code, members]) => {
    const pool = members.flatMap((f) => byField[f] ?? []);
    return shuffle(pool, prngFrom(seed, 'draw', code)).slice(0, perClass);
  });
}

/** Up to `perClass` pixels of each class, the same number from each field as far as they go. */
export function drawBalanced(
  pixels: LabelledPixels,
  byField: readonly number[][],
  fields: readonly number[],
  perClass: number,
  seed: number,
): number[] {
  return classesOf(pixels, fields).flatMap(([code, members]) => {
    const prng = prngFrom(seed, 'balance', code);
    const lists = members
      .map((f) => shuffle([...(byField[f] ?? [])], prng))
      .sort((a, b) => a.length - b.length);
    const drawn: number[] = [];
    lists.forEach((list, i) => {
      // Small fields first: what they cannot give is shared among the rest.
      const share = Math.ceil((perClass - drawn.length) / (lists.length - i));
      drawn.push(...list.slice(0, Math.max(1, share)));
    });
    return drawn;
  });
}

function classesOf(pixels: LabelledPixels, fields: readonly number[]): [number, number[]][] {
  const groups = Map.groupBy(fields, (f) => must(pixels.fields[f], 'field').classCode);
  return [...groups].sort(([a], [b]) => a - b);
}
