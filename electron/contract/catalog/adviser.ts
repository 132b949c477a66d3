/**
 * Which method suits this project. Each rule reads one column of the methods table against one fact and says so in
 * words; the ranking is the sum. A proposal, never a lock: the analyst may choose any.
 */
import { type MethodId, methodIds } from './ids.ts';
import type { Needs } from './methodCard.ts';
import { methodCards } from './methods.ts';
import { defaultsOf } from './parameters.ts';

export interface ProjectFacts {
  /** Distinct places: tiles that fit into the chosen regions without overlap. */
  readonly places: number;
  readonly bands: number;
  readonly device: 'cpu' | 'gpu';
  /** Free memory of the device, GiB. */
  readonly memoryGiB: number;
  /** How long the analyst is willing to wait. */
  readonly minutes: number;
  readonly task: 'crops' | 'land-cover' | 'segmentation' | 'transfer';
  /** Side of a tile, pixels. */
  readonly tile: number;
}

export interface Reason {
  /** Column of the table that the reason cites. */
  readonly column: keyof Needs;
  readonly favours: boolean;
  readonly text: string;
}
export interface Advice {
  readonly method: MethodId;
  readonly score: number;
  readonly reasons: readonly Reason[];
}

interface Rule extends Reason {
  readonly weight: number;
}

/**
 * The batch that this machine can hold: a training step keeps about 40 full-resolution maps of 64 float32 channels per
 * view, and half of the memory is left to everything else.
 */
export function affordableBatch(facts: Pick<ProjectFacts, 'memoryGiB' | 'tile' | 'device'>): number {
  const bytesPerTile = 2 * 40 * 64 * 4 * facts.tile ** 2;
  const fits = (facts.memoryGiB * 2 ** 30) / 2 / bytesPerTile;
  const ceiling = facts.device === 'gpu' ? 4096 : 512;
  return Math.max(4, Math.min(ceiling, 2 ** Math.floor(Math.log2(Math.max(4, fits)))));
}

function batchRules(needs: Needs, batch: number): Rule[] {
  const wanted = { Small: 16, Moderate: 64, Large: 512 }[needs.batch];
  const size = `${needs.batch.toLowerCase()} batches`;
  if (batch < wanted) {
    const text = `needs ${size} (${wanted} tiles or more); this machine holds about ${batch}`;
    return [{ column: 'batch', favours: false, weight: -2, text }];
  }
  const weight = needs.batch === 'Small' ? 0.5 : 0.25;
  return [
    { column: 'batch', favours: true, weight, text: `${size} are enough, and about ${batch} tiles fit` },
  ];
}

/** A queue holds at least one batch of the card's size, and should be a quarter of the places at most. */
const mocoBatch = Number(defaultsOf(methodCards.moco.parameters).batch);

function negativeRules(method: MethodId, needs: Needs, facts: ProjectFacts, batch: number): Rule[] {
  const rules: Rule[] = [];
  if (needs.negatives === 'Yes' && (facts.task === 'crops' || facts.task === 'segmentation')) {
    const text = 'pushes other tiles away, also neighbours with the same crop';
    rules.push({ column: 'negatives', favours: false, weight: -1, text });
  }
  if (needs.negatives === 'Yes' && (facts.task === 'land-cover' || facts.task === 'transfer')) {
    const text = 'negatives from many places separate land covers well';
    rules.push({ column: 'negatives', favours: true, weight: 0.5, text });
  }
  if (needs.negatives === 'No')
    rules.push({ column: 'negatives', favours: true, weight: 0.5, text: 'needs no negatives' });
  if (method === 'moco' && facts.places < 4 * Math.min(batch, mocoBatch)) {
    const text = `with ${facts.places} distinct places the queue would hold copies of the positive`;
    rules.push({ column: 'negatives', favours: false, weight: -1.5, text });
  }
  return rules;
}

function redundancyRules(method: MethodId, needs: Needs, facts: ProjectFacts): Rule[] {
  if (needs.redundancy === 'Yes') {
    const many = facts.bands >= 60;
    const text = many
      ? `reduces redundancy, and ${facts.bands} bands repeat each other a lot`
      : 'reduces redundancy: uncorrelated features suit a linear head and few labels';
    return [{ column: 'redundancy', favours: true, weight: many ? 1.25 : 1, text }];
  }
  if (method === 'simsiam' && facts.places > 2000) {
    const text = `only implicit: with ${facts.places} places a small encoder may collapse in part`;
    return [{ column: 'redundancy', favours: false, weight: -1, text }];
  }
  return [];
}

function effortRules(method: MethodId, needs: Needs, facts: ProjectFacts): Rule[] {
  const rules: Rule[] = [];
  if (needs.efficient === 'Yes, with tuning') {
    const weight = facts.minutes < 60 ? -1 : -0.5;
    const text = `efficient only with tuning, and ${facts.minutes} minutes leave little room for it`;
    rules.push({
      column: 'efficient',
      favours: false,
      weight,
      text: weight < -0.5 ? text : 'efficient only with tuning',
    });
  }
  // The user's scene and the minutes of a first run are the standard case, and VICReg is what was measured on it.
  if (method === 'vicreg') {
    const text =
      'efficient for remote sensing, and each term shows on its own curve when something goes wrong';
    rules.push({ column: 'efficient', favours: true, weight: 0.5, text });
  }
  return rules;
}

/** The five methods, best first, each with its reasons for and against. Equal scores keep the order of the table. */
export function adviseMethods(facts: ProjectFacts): Advice[] {
  const batch = affordableBatch(facts);
  return methodIds
    .map((method) => {
      const needs: Needs = methodCards[method].needs;
      const rules = [
        ...batchRules(needs, batch),
        ...negativeRules(method, needs, facts, batch),
        ...redundancyRules(method, needs, facts),
        ...effortRules(method, needs, facts),
      ];
      const reasons = rules.map(({ column, favours, text }) => ({ column, favours, text }));
      return { method, score: rules.reduce((sum, rule) => sum + rule.weight, 0), reasons };
    })
    .sort((a, b) => b.score - a.score);
}

/**
 * A MoCo queue that holds few copies of a positive: at most a quarter of the distinct places, a multiple of the batch,
 * at least one batch. `reason` is null when the wish is kept.
 */
export function fitQueue(
  wish: number,
  places: number,
  batch: number,
): { readonly queue: number; readonly reason: string | null } {
  const most = Math.max(batch, Math.floor(places / 4 / batch) * batch);
  const queue = Math.max(batch, Math.floor(Math.min(wish, most) / batch) * batch);
  if (queue === wish) return { queue, reason: null };
  const reason =
    queue < wish && queue === most
      ? `A queue of ${wish} would hold copies of the positive, as there are ${places} distinct places; ${queue} are kept.`
      : `The queue holds whole batches of ${batch}: ${queue} instead of ${wish}.`;
  return { queue, reason };
}
