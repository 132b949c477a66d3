/** Has the run collapsed? A falling loss does not tell; these figures do. */
import type { MethodId } from '../../contract/catalog/ids.ts';

export interface CollapseSigns {
  readonly method: MethodId;
  /** Std of the unit embeddings z, and their width. */
  readonly zStd: number;
  readonly embeddingDim: number;
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
  if (spread < POINT || signs.meanCosine > SAME) {
    const seen =
      spread < POINT
        ? `The embeddings have ${percent(spread)} of a healthy spread`
        : `The features of different tiles have a mean cosine of ${signs.meanCosine.toFixed(3)}`;
    return { verdict: 'full', cause: `${seen}: ${cause}.`, remedy };
  }
  const kept = signs.rankMe / signs.untrainedRankMe;
  if (kept < KEPT_RANK || spread < CLOSE) {
    const seen =
      kept < KEPT_RANK
        ? `RankMe is ${signs.rankMe.toFixed(1)}, and was ${signs.untrainedRankMe.toFixed(1)} before training`
        : `The embeddings have ${percent(spread)} of a healthy spread`;
    return { verdict: 'partial', cause: `${seen}: ${cause}.`, remedy };
  }
  return { verdict: 'none', cause: null, remedy: null };
}
