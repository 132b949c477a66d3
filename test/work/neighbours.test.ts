import { expect, it } from 'vitest';
import { sampleNeighbours } from '../../electron/work/neighbours.ts';
import { expectClose } from '../support/expectClose.ts';

it('gathers differences across a distance, inside the scene and where both ends are valid', () => {
  const [width, height, dim] = [6, 4, 3];
  // The last two of three features: 10·col + row, and its square root.
  const values = new Float32Array(width * height * dim);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      values.set([99, 10 * x + y, Math.sqrt(10 * x + y)], (y * width + x) * dim);
  }
  const valid = new Uint8Array(width * height).fill(1);
  valid[0] = 0;
  const sampler = sampleNeighbours({ from: 1, size: 2, apart: 3 }, dim, width * height);
  // The block reaches one column over the scene's border.
  sampler.add({ values, valid }, width, { col: 0, row: 0, width: width - 1, height });
  const { differences, mean, std } = sampler.read();
  const first = [...differences].filter((_, i) => i % 2 === 0).sort((a, b) => a - b);
  // To the right: columns 0 and 1 of four rows, less the invalid corner; down: row 0 of five columns, less the same.
  expect(first).toEqual([...Array(7).fill(-30), ...Array(4).fill(-3)]);
  const seen: number[] = [];
  for (let y = 0; y < height; y++) for (let x = 0; x < width - 1; x++) if (x + y > 0) seen.push(10 * x + y);
  const average = seen.reduce((a, b) => a + b, 0) / seen.length;
  const spread = Math.sqrt(seen.reduce((a, b) => a + (b - average) ** 2, 0) / seen.length);
  expectClose([mean[0] ?? 0, std[0] ?? 0], [average, spread], { rel: 1e-6 });
});
