/**
 * Is it learning, or has it collapsed? After every epoch the encoder is looked at on the same tiles: rank, spread, and
 * where fields are labelled the accuracy of their neighbours. The loss alone proves nothing.
 */

import { must } from '../base/assert.ts';
import type { Encoder } from '../compute/encoders/encoder.ts';
import { under } from '../compute/layers/arrays.ts';
import type { PretrainStep } from '../compute/methods/buildStep.ts';
import { type CollapseVerdict, judgeCollapse } from '../compute/probe/collapse.ts';
import { neighbourAccuracy } from '../compute/probe/neighbours.ts';
import { effectiveRank, rankMe } from '../compute/probe/rank.ts';
import { alignment, meanPairwiseCosine, stdOfNormalised, uniformity } from '../compute/probe/sphere.ts';
import type { Arrays, NdArray } from '../compute/step.ts';
import type { Normalisation } from '../contract/encoder.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { MetricRow, PretrainResult } from '../contract/run.ts';
import type { Engine } from '../engine/types.ts';
import type { OpenScenes } from '../feed/open.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { startEmbedder, type TileSet } from './embedTiles.ts';
import type { PretrainData } from './pretrainData.ts';
import type { StepReport } from './pretrainLoop.ts';
import type { PretrainPlan } from './pretrainPlan.ts';
import { drawLabelled, drawPairs, drawWatched } from './watchTiles.ts';

export interface Watch {
  /** Every step passes here. */
  note(report: StepReport): void;
  /** Looks at the encoder in `state`; `at` is repeated in the row. */
  look(state: Arrays, at: MetricRow): Promise<MetricRow>;
  summary(): Pick<PretrainResult, 'metrics' | 'collapse' | 'collapseAdvice'>;
  dispose(): Promise<void>;
}

interface WatchParts {
  readonly plan: PretrainPlan;
  readonly normalisation: Normalisation;
  readonly encoder: Encoder;
  readonly step: PretrainStep;
  /** Of a resumed run, from its first look on. */
  readonly rows: readonly MetricRow[];
  readonly scenes: OpenScenes;
  readonly data: PretrainData;
  readonly fields: readonly PixelField[];
  readonly engine: Engine;
  readonly context: JobContext;
}

export async function startWatch(parts: WatchParts): Promise<Watch> {
  const { plan, encoder, step, scenes, data, context } = parts;
  const bands = encoder.bands;
  const tiles = await drawWatched(plan, scenes, data.tiles, bands);
  const labelled = await drawLabelled(plan, scenes, data.tiles, bands, parts.fields);
  const pairs = await drawPairs(plan, data.batches, bands);
  const embedder = await startEmbedder(parts.engine, encoder, plan.tile);
  let lastBatch: NdArray | undefined;
  let epochRows: MetricRow[] = [];
  let untrainedRankMe = parts.rows.find((row) => row.step === 0)?.rankMe;
  let latest: Record<string, number> = { ...parts.rows.findLast((row) => row.rankMe !== undefined) };
  let verdict: CollapseVerdict = { verdict: 'none', cause: null, remedy: null };

  const keep = (row: MetricRow) => {
    // Steps that are done again, after a device was lost, count once.
    epochRows = epochRows.filter(({ epoch, step: earlier }) => epoch === row.epoch && earlier < row.step);
    epochRows.push(row);
  };
  for (const row of parts.rows) if (row.step > 0) keep(row);
  const mean = (name: string) =>
    epochRows.reduce((sum, row) => sum + (row[name] ?? Number.NaN), 0) / epochRows.length;

  const judge = () => {
    const before = verdict.verdict;
    verdict = judgeCollapse({
      method: plan.method,
      zStd: mean('zStd'),
      embeddingDim: step.embeddingDim,
      embeddingRank: latest.zRank ?? Number.NaN,
      lostVariance: plan.method === 'vicreg' ? mean('variance') : null,
      rankMe: latest.rankMe ?? Number.NaN,
      meanCosine: latest.meanCosine ?? Number.NaN,
      untrainedRankMe: untrainedRankMe ?? Number.NaN,
    });
    if (verdict.verdict !== 'none' && verdict.verdict !== before)
      context.event('warning', `Collapse (${verdict.verdict}). ${advice(verdict)}`);
  };

  // A resumed run may have nothing left to look at.
  if (untrainedRankMe !== undefined && epochRows.length > 0) judge();

  return {
    note({ row, metrics: { z1 } }) {
      keep(row);
      lastBatch = z1;
    },
    async look(state, at) {
      const weights = under('encoder/', state);
      const embed = async (set: TileSet): Promise<NdArray> => ({
        shape: [set.count, encoder.dim],
        data: await embedder.embed(weights, set),
      });
      const h = await embed(tiles);
      latest = {
        rankMe: rankMe(h),
        effectiveRank: effectiveRank(h),
        meanCosine: meanPairwiseCosine(h),
        uniformity: uniformity(h),
        hStd: stdOfNormalised(h),
        hAlignment: alignment(await embed(pairs.view1), await embed(pairs.view2)),
        ...(lastBatch && { zRank: effectiveRank(lastBatch) }),
        ...(labelled && { knn: await nearestFields(weights) }),
      };
      untrainedRankMe ??= latest.rankMe;
      if (at.step > 0) judge();
      return { ...at, ...latest };
    },
    summary: () => ({
      metrics: {
        loss: mean('loss'),
        std: mean('zStd'),
        rankMe: must(latest.rankMe, 'RankMe'),
        effectiveRank: must(latest.effectiveRank, 'effective rank'),
        knn: latest.knn ?? null,
      },
      collapse: verdict.verdict,
      collapseAdvice: verdict.verdict === 'none' ? null : advice(verdict),
    }),
    dispose: () => embedder.dispose(),
  };

  async function nearestFields(weights: Arrays): Promise<number> {
    const { classes, fields, count } = must(labelled, 'labelled tiles');
    const h = await embedder.embed(weights, must(labelled, 'labelled tiles'));
    return neighbourAccuracy({ shape: [count, encoder.dim], data: h }, classes, fields);
  }
}

const advice = ({ cause, remedy }: CollapseVerdict) => [cause, remedy].filter(Boolean).join(' ');
