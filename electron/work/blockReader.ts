/** What a model reads off the features of a block: probabilities, and places that novelty is measured from. */
import { must } from '../base/assert.ts';
import { softmaxRows } from './classify.ts';
import type { Projection } from './features.ts';
import type { Head } from './heads/head.ts';
import { type Novelty, places } from './novelty.ts';

export interface BlockReader {
  /** To be applied inside the encoder's graph; undefined when the head needs the features themselves. */
  readonly projection: Projection | undefined;
  /** Probabilities [n, classes], not yet calibrated; places [n, novelty.dim] without their offset, or null. */
  read(values: Float32Array): { readonly p: Float32Array; readonly places: Float32Array | null };
}

/** A linear head and the axes of novelty are one projection, so a map of both still averages a handful of values. */
export function createBlockReader(head: Head, novelty: Novelty | null, classes: number): BlockReader {
  const { linear, dim } = head;
  if (!linear) {
    return {
      projection: undefined,
      read(values) {
        const n = values.length / dim;
        const none = novelty && new Float32Array(novelty.dim);
        return {
          p: head.predict(values, n),
          places: novelty && places(values, n, dim, novelty.w, must(none, 'offset')),
        };
      },
    };
  }
  if (!novelty) {
    return {
      projection: { w: linear.w, outputs: classes },
      read: (values) => ({ p: softmaxRows(values, linear.b), places: null }),
    };
  }
  const outputs = classes + novelty.dim;
  const w = new Float32Array(dim * outputs);
  for (let j = 0; j < dim; j++) {
    w.set(linear.w.subarray(j * classes, (j + 1) * classes), j * outputs);
    w.set(novelty.w.subarray(j * novelty.dim, (j + 1) * novelty.dim), j * outputs + classes);
  }
  return {
    projection: { w, outputs },
    read(values) {
      const n = values.length / outputs;
      const logits = new Float32Array(n * classes);
      const apart = new Float32Array(n * novelty.dim);
      for (let i = 0; i < n; i++) {
        const at = i * outputs;
        logits.set(values.subarray(at, at + classes), i * classes);
        apart.set(values.subarray(at + classes, at + outputs), i * novelty.dim);
      }
      return { p: softmaxRows(logits, linear.b), places: apart };
    },
  };
}
