/**
 * The kNN head: votes of the nearest labelled features by cosine, each weighing exp(cosine / temperature), as in
 * Wu et al. 2018 (instance discrimination). Features are standardised first, so that the cosine is about patterns and not
 * about whichever feature is largest.
 */
import { must } from '../../base/assert.ts';
import type { Arrays } from '../../compute/step.ts';
import { columnScale, type Head, type LabelledRows, standardised } from './head.ts';

export function fitKnn(
  rows: LabelledRows,
  settings: { readonly k: number; readonly temperature: number },
): Head {
  const { mean, std } = columnScale(rows.x, rows.n, rows.d);
  const bank = unitRows(standardised(rows.x, rows.d, { mean, std }), rows.d);
  return loadKnn(
    { ...settings, classes: rows.classes },
    {
      bank: { shape: [rows.n, rows.d], data: bank },
      label: { shape: [rows.n], data: Float32Array.from(rows.y) },
      mean: { shape: [rows.d], data: mean },
      std: { shape: [rows.d], data: std },
    },
  );
}

export function loadKnn(settings: Readonly<Record<string, number>>, arrays: Arrays): Head {
  const bank = must(arrays.bank, 'labelled features of the head').data;
  const label = must(arrays.label, 'labels of the head').data;
  const scale = {
    mean: must(arrays.mean, 'means of the head').data,
    std: must(arrays.std, 'spreads of the head').data,
  };
  const dim = scale.mean.length;
  const count = label.length;
  const classes = must(settings.classes, 'number of classes of the head');
  const temperature = must(settings.temperature, 'temperature of the head');
  const k = Math.min(count, must(settings.k, 'neighbours of the head'));
  return {
    kind: 'knn',
    dim,
    settings,
    arrays,
    linear: null,
    predict(x, n) {
      const rows = unitRows(standardised(x.subarray(0, n * dim), dim, scale), dim);
      const out = new Float32Array(n * classes);
      const nearest = new Float64Array(k);
      const votes = new Int32Array(k);
      for (let i = 0; i < n; i++) {
        nearest.fill(Number.NEGATIVE_INFINITY);
        for (let j = 0; j < count; j++) {
          let cosine = 0;
          for (let c = 0; c < dim; c++)
            cosine += (rows[i * dim + c] as number) * (bank[j * dim + c] as number);
          if (cosine <= (nearest[k - 1] as number)) continue;
          let at = k - 1;
          for (; at > 0 && (nearest[at - 1] as number) < cosine; at--) {
            nearest[at] = nearest[at - 1] as number;
            votes[at] = votes[at - 1] as number;
          }
          nearest[at] = cosine;
          votes[at] = label[j] as number;
        }
        let sum = 0;
        for (let v = 0; v < k; v++) {
          // Relative to the nearest, so that a small temperature cannot overflow.
          const weight = Math.exp(((nearest[v] as number) - (nearest[0] as number)) / temperature);
          const at = i * classes + (votes[v] as number);
          out[at] = (out[at] as number) + weight;
          sum += weight;
        }
        for (let c = 0; c < classes; c++) out[i * classes + c] = (out[i * classes + c] as number) / sum;
      }
      return out;
    },
  };
}

/** Rows of length 1, in place. */
function unitRows(x: Float32Array<ArrayBuffer>, d: number): Float32Array<ArrayBuffer> {
  for (let i = 0; i < x.length; i += d) {
    let squares = 0;
    for (let j = i; j < i + d; j++) squares += (x[j] as number) ** 2;
    const inverse = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let j = i; j < i + d; j++) x[j] = (x[j] as number) * inverse;
  }
  return x;
}
