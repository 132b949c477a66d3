/** A plan fitted to how much ground there is: defaults made for a whole scene are silly on a small one. */
import { fitQueue } from '../contract/catalog/adviser.ts';
import { methodCards } from '../contract/catalog/methods.ts';
import type { PretrainParams } from '../contract/methods.ts';
import type { PretrainPlan } from './pretrainPlan.ts';

/** Tiles per epoch for each distinct place at most: positions, turns and flips make that many different ones. */
const drawsPerPlace = 16;

/** Least value of the card. */
const [leastQueue = 1] = methodCards.moco.parameters.flatMap((p) =>
  p.id === 'queue' && p.kind === 'integer' ? [p.min] : [],
);

/**
 * The plan with its epoch, batch and queue bounded by the number of places (tiles that fit side by side). What the user
 * set is kept, but for a batch that would hold one place twice. `notices` say what was changed and why.
 */
export function fitPlan(
  plan: PretrainPlan,
  params: Pick<PretrainParams, 'set'>,
  places: number,
): { readonly plan: PretrainPlan; readonly notices: readonly string[] } {
  const notices: string[] = [];
  const batch = plan.batch <= places ? plan.batch : Math.max(4, 8 * Math.floor(places / 8));
  if (batch < plan.batch)
    notices.push(
      `A batch of ${plan.batch} would hold some of the ${places} distinct places twice: ${batch} are taken. Add regions or scenes for more.`,
    );
  const asked = plan.stepsPerEpoch * plan.batch;
  const tiles = params.set.tilesPerEpoch === undefined ? Math.min(asked, drawsPerPlace * places) : asked;
  const stepsPerEpoch = Math.max(1, Math.round(tiles / batch));
  if (tiles < asked)
    notices.push(
      `An epoch is ${stepsPerEpoch * batch} tiles instead of ${asked}, as there are ${places} distinct places; --set tilesPerEpoch=${asked} draws more.`,
    );
  const changes: Record<string, number> = { batch };
  if (plan.method === 'moco') {
    changes.splits = greatestCommonDivisor(batch, Number(plan.methodValues.splits));
    if (params.set.queue === undefined) {
      const entering = plan.methodValues.symmetric === true ? 2 * batch : batch;
      const { queue, reason } = fitQueue(Number(plan.methodValues.queue), places, entering);
      changes.queue = Math.max(leastQueue, queue);
      if (reason !== null) notices.push(reason);
    }
  }
  const methodValues = { ...plan.methodValues, ...changes };
  return { plan: { ...plan, batch, stepsPerEpoch, methodValues }, notices };
}

/** The same plan with another batch, and what has to follow it. */
export function withBatch(plan: PretrainPlan, batch: number): PretrainPlan {
  if (plan.method !== 'moco') return { ...plan, batch };
  const entering = plan.methodValues.symmetric === true ? 2 * batch : batch;
  return {
    ...plan,
    batch,
    methodValues: {
      ...plan.methodValues,
      splits: greatestCommonDivisor(batch, Number(plan.methodValues.splits)),
      queue: Math.max(Number(plan.methodValues.queue), entering),
    },
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
