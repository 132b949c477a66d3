/**
 * Random forest (Breiman 2001, Machine Learning 45) as scikit-learn's default grows it: bootstrap samples, Gini
 * impurity, √d features tried per split, leaves pure, and the mean of the trees' class shares as probability.
 */
import { must } from '../../base/assert.ts';
import { type Prng, prngFrom, shuffle } from '../../base/prng.ts';
import type { Problem } from '../heads/logistic.ts';

/** Nodes of a tree side by side; `feature` −1 marks a leaf, whose class shares stand in `shares`. */
interface Tree {
  readonly feature: number[];
  readonly threshold: number[];
  readonly left: number[];
  readonly right: number[];
  readonly shares: (Float32Array | null)[];
}

export interface Forest {
  /** [n, d] → mean class shares [n, K]. */
  predict(x: Float32Array, n: number): Float32Array;
}

export function fitForest(problem: Problem, trees: number, seed: number): Forest {
  const grown = Array.from({ length: trees }, (_, t) => growTree(problem, prngFrom(seed, 'tree', t)));
  const { d, classes } = problem;
  return {
    predict(x, n) {
      const out = new Float32Array(n * classes);
      for (const tree of grown) {
        for (let i = 0; i < n; i++) {
          const shares = leafOf(tree, x, i * d);
          for (let c = 0; c < classes; c++) {
            out[i * classes + c] = (out[i * classes + c] as number) + (shares[c] as number) / trees;
          }
        }
      }
      return out;
    },
  };
}

function leafOf(tree: Tree, x: Float32Array, row: number): Float32Array {
  let node = 0;
  for (let f = tree.feature[0] as number; f >= 0; f = tree.feature[node] as number) {
    const goesLeft = (x[row + f] as number) <= (tree.threshold[node] as number);
    node = (goesLeft ? tree.left[node] : tree.right[node]) as number;
  }
  return must(tree.shares[node], 'leaf');
}

function growTree(problem: Problem, prng: Prng): Tree {
  const { n, d } = problem;
  const tree: Tree = { feature: [], threshold: [], left: [], right: [], shares: [] };
  const sample = Array.from({ length: n }, () => prng.integer(n));
  const features = Array.from({ length: d }, (_, f) => f);
  const tries = Math.max(1, Math.floor(Math.sqrt(d)));
  const waiting: { rows: number[]; node: number }[] = [{ rows: sample, node: addNode(tree) }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { rows, node } = next;
    const counts = countClasses(problem, rows);
    const split = counts.some((c) => c === rows.length)
      ? null
      : bestSplit(problem, rows, counts, shuffle(features, prng), tries);
    if (!split) {
      tree.shares[node] = Float32Array.from(counts, (c) => c / rows.length);
      continue;
    }
    const { feature, threshold } = split;
    const value = (row: number) => problem.x[row * d + feature] as number;
    tree.feature[node] = feature;
    tree.threshold[node] = threshold;
    const left = addNode(tree);
    const right = addNode(tree);
    tree.left[node] = left;
    tree.right[node] = right;
    waiting.push(
      { rows: rows.filter((row) => value(row) <= threshold), node: left },
      { rows: rows.filter((row) => value(row) > threshold), node: right },
    );
  }
  return tree;
}

function addNode(tree: Tree): number {
  tree.feature.push(-1);
  tree.threshold.push(0);
  tree.left.push(-1);
  tree.right.push(-1);
  tree.shares.push(null);
  return tree.feature.length - 1;
}

function countClasses({ y, classes }: Problem, rows: readonly number[]): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const row of rows) counts[y[row] as number] = (counts[y[row] as number] as number) + 1;
  return counts;
}

/**
 * The split with the least impurity among `tries` features that vary here (more are looked at when some do not, as
 * scikit-learn does); null when none varies. Thresholds lie midway between neighbours.
 */
function bestSplit(
  { x, y, d }: Problem,
  rows: readonly number[],
  total: readonly number[],
  order: readonly number[],
  tries: number,
): { feature: number; threshold: number } | null {
  let best: { feature: number; threshold: number } | null = null;
  // Σ n_c²/n over both sides: the larger, the purer.
  let most = Number.NEGATIVE_INFINITY;
  let tried = 0;
  for (const feature of order) {
    if (tried === tries) break;
    const value = (row: number) => x[row * d + feature] as number;
    const sorted = [...rows].sort((a, b) => value(a) - value(b));
    if (value(must(sorted[0], 'row')) === value(must(sorted.at(-1), 'row'))) continue;
    tried++;
    const left = total.map(() => 0);
    const right = [...total];
    for (let i = 0; i + 1 < sorted.length; i++) {
      const row = sorted[i] as number;
      const label = y[row] as number;
      left[label] = (left[label] as number) + 1;
      right[label] = (right[label] as number) - 1;
      const [a, b] = [value(row), value(sorted[i + 1] as number)];
      if (a === b) continue;
      const purity = squares(left) / (i + 1) + squares(right) / (sorted.length - i - 1);
      if (purity > most) {
        most = purity;
        const middle = (a + b) / 2;
        // In float32 the middle of two neighbours may round up to the larger one.
        best = { feature, threshold: middle < b ? middle : a };
      }
    }
  }
  return best;
}

function squares(counts: readonly number[]): number {
  let sum = 0;
  for (const c of counts) sum += c * c;
  return sum;
}
