/** What a map says of whole fields: the class of most of their pixels, how pure they are, and what came second. */
import type { PixelField } from '../contract/jobs.ts';
import type { MapField } from '../contract/run.ts';
import type { Window } from '../raster/types.ts';
import { intersect, isEmpty } from './blocks.ts';
import { boundsOf, indexFields } from './fieldPixels.ts';

export interface FieldTally {
  /** Counts the classes of a window's pixels by field; 0 says nothing. */
  add(window: Window, codes: Uint8Array): void;
  /** Fields with a classified pixel, in the order given. */
  list(): MapField[];
}

export function createFieldTally(fields: readonly Pick<PixelField, 'id' | 'polygons'>[]): FieldTally {
  // One index for each: fields may overlap, and each is asked about all of its pixels.
  const shapes = fields.map((field) => ({ bounds: boundsOf(field.polygons), index: indexFields([field]) }));
  const counts = fields.map(() => new Map<number, number>());
  return {
    add(window, codes) {
      for (const [f, { bounds, index }] of shapes.entries()) {
        const part = bounds && intersect(bounds, window);
        const own = counts[f];
        if (!part || !own || isEmpty(part)) continue;
        index.burn(part).forEach((inside, i) => {
          const row = part.row - window.row + Math.floor(i / part.width);
          const code = codes[row * window.width + part.col - window.col + (i % part.width)] ?? 0;
          if (inside && code > 0) own.set(code, (own.get(code) ?? 0) + 1);
        });
      }
    },
    list: () =>
      fields.flatMap(({ id }, i): MapField[] => {
        // The smaller code where two are as frequent: the answer must not hang on the order of blocks.
        const ranked = [...(counts[i] ?? [])].sort(([a, n], [b, m]) => m - n || a - b);
        const pixels = ranked.reduce((sum, [, n]) => sum + n, 0);
        const [first, second] = ranked;
        if (!first) return [];
        return [
          {
            id,
            pixels,
            code: first[0],
            purity: first[1] / pixels,
            runnerUp: second?.[0] ?? null,
            runnerUpShare: (second?.[1] ?? 0) / pixels,
          },
        ];
      }),
  };
}
