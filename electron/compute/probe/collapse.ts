/** Has the run collapsed? A falling loss does not tell; these figures do. */
import type { MethodId } from '../../contract/catalog/ids.ts';

export interface CollapseSigns {
  readonly method: MethodId;
  /** Std of the unit embeddings z, and their width. */
  readonly zStd: number;
  readonly embeddingDim: number;
  /** Effective rank of the covariance of z over a batch. */
  readonly embeddingRank: number;
  /** VICReg's variance term, whose embeddings have a scale: 0 when spread as asked, 1 when all are one. Null for others. */
  readonly lostVariance: number | null;
  /** Of the encoder's features on fixed places. */
  readonly rankMe: number;
  readonly meanCosine: number;
  /** RankMe of the encoder before training, on the same places. */
  readonly untrainedRankMe: number;
}

export interface CollapseVerdict {
  readonly verdict: 'none' | 'partial' | 'full';
  /** What was seen and the likely cause; null for `none`. */
  readonly cause: string | null;
  readonly remedy: string | null;
}

/** Share of 1/√D below which the embeddings count as one point, and below which they are suspiciously close. */
const POINT = 0.1;
const CLOSE = 0.3;
/** Effective rank of the embeddings below which they lie on a line. */
const LINE = 2;
/** Share of the asked spread that VICReg's embeddings may lack. */
const LOST = 0.9;
/** Mean cosine of features at which all tiles look the same. */
const SAME = 0.995;
/** Share of the untrained encoder's RankMe that a trained one must keep. */
const KEPT_RANK = 0.5;

const causes: Readonly<Record<MethodId, { cause: string; remedy: string }>> = {
  simsiam: {
    cause: 'the predictor or the stopped gradient does not hold it, or the encoder is small for the data',
    remedy: 'Lower the learning rate, keep stopGradient and constantPredictorRate on, or use VICReg.',
  },
  simclr: {
    cause: 'the learning rate is too high or the batch too small for enough negatives',
    remedy: 'Lower the learning rate, raise the batch, or use VICReg.',
  },
  moco: {
    cause: 'the key network moves too fast or the queue holds copies of the positives',
    remedy: 'Raise momentum, lower queue below a quarter of the distinct places, keep splits at 8.',
  },
  'barlow-twins': {
    cause: 'redundancy weighs too little or the learning rate is too high',
    remedy: 'Raise lambda, lower the learning rate, or raise the batch.',
  },
  vicreg: {
    cause: 'the variance term weighs too little',
    remedy: 'Set varianceWeight back to 25, or lower the learning rate.',
  },
};

/** `full`: all tiles get one embedding. `partial`: the features have lost many of their directions. */
export function judgeCollapse(signs: CollapseSigns): CollapseVerdict {
  const spread = signs.zStd * Math.sqrt(signs.embeddingDim);
  const { cause, remedy } = causes[signs.method];
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const when = (found: boolean, seen: string) => (found ? seen : null);
  const tight = `The embeddings have ${percent(spread)} of a healthy spread`;
  const full =
    when(spread < POINT, tight) ??
    when(
      (signs.lostVariance ?? 0) > LOST,
      `The embeddings lack ${percent(signs.lostVariance ?? 0)} of their spread`,
    ) ??
    when(
      signs.meanCosine > SAME,
      `The features of different tiles have a mean cosine of ${signs.meanCosine.toFixed(3)}`,
    );
  if (full !== null) return { verdict: 'full', cause: `${full}: ${cause}.`, remedy };
  const { rankMe, untrainedRankMe, embeddingRank } = signs;
  const partial =
    when(
      rankMe < KEPT_RANK * untrainedRankMe,
      `RankMe is ${rankMe.toFixed(1)}, and was ${untrainedRankMe.toFixed(1)} before training`,
    ) ??
    when(embeddingRank < LINE, `The embeddings lie on a line (effective rank ${embeddingRank.toFixed(1)})`) ??
    when(spread < CLOSE, tight);
  if (partial !== null) return { verdict: 'partial', cause: `${partial}: ${cause}.`, remedy };
  return { verdict: 'none', cause: null, remedy: null };
}
