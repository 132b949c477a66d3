import { expect } from 'vitest';

/**
 * Arrays equal within relative + absolute tolerance. NaN equals nothing, not even NaN; infinities equal themselves.
 * The message names the first index that differs, so that a failing kernel can be looked up.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { rel = 1e-5, abs = 1e-7 }: { rel?: number; abs?: number } = {},
): void {
  expect(actual.length, 'length').toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i] as number;
    const e = expected[i] as number;
    const close = a === e || Math.abs(a - e) <= abs + rel * Math.abs(e);
    if (!close) {
      expect.fail(
        `index ${i}: ${a} is not ${e} (off by ${Math.abs(a - e)}, allowed ${abs + rel * Math.abs(e)})`,
      );
    }
  }
}
