import { expect, test } from 'vitest';
import { pretrainSchema } from '../../electron/contract/methods.ts';
import { fitPlan } from '../../electron/work/fitPlan.ts';
import { planPretraining } from '../../electron/work/pretrainPlan.ts';

const fitted = (set: Record<string, number>, places: number, method = 'vicreg') => {
  const params = pretrainSchema.parse({ method, tile: 16, set });
  return fitPlan(planPretraining(params, 'radar'), params, places);
};

test('the standard run on flevoland-west (512 × 736 pixels) stays ten epochs of 50 steps of 128', () => {
  const { plan, notices } = fitted({}, Math.floor((512 * 736) / 16 ** 2));
  expect(plan).toMatchObject({ epochs: 10, stepsPerEpoch: 50, batch: 128 });
  expect(notices).toEqual([]);
});

test('an epoch that was asked for is kept, a batch larger than the places is not', () => {
  expect(fitted({ tilesPerEpoch: 6400 }, 39).plan).toMatchObject({ stepsPerEpoch: 200, batch: 32 });
  expect(fitted({}, 39).plan).toMatchObject({ stepsPerEpoch: 20, batch: 32 });
  expect(fitted({ batch: 24 }, 39).plan).toMatchObject({ stepsPerEpoch: 26, batch: 24 });
  expect(fitted({}, 1).plan).toMatchObject({ batch: 4 });
});

test('the queue of MoCo is cut to a quarter of the places unless it was set; splits divide the batch', () => {
  expect(fitted({}, 1472, 'moco').plan.methodValues).toMatchObject({ queue: 256, splits: 8 });
  expect(fitted({ queue: 1024 }, 1472, 'moco').plan.methodValues).toMatchObject({ queue: 1024 });
  expect(fitted({}, 1, 'moco').plan.methodValues).toMatchObject({ queue: 16, splits: 4 });
});
