import type { MethodId } from './ids.ts';
import type { Parameter } from './parameters.ts';

export interface Paper {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly venue: string;
  readonly arxiv: string;
}

/** One row of the methods table: what a method asks of the data and the machine. */
export interface Needs {
  readonly negatives: 'Yes' | 'No';
  readonly batch: 'Small' | 'Moderate' | 'Large';
  readonly redundancy: 'Yes' | 'No' | 'Implicit';
  readonly efficient: 'Yes' | 'Yes, with tuning';
}

export interface MethodCard {
  readonly id: MethodId;
  readonly name: string;
  readonly summary: string;
  readonly paper: Paper;
  readonly needs: Needs;
  readonly strengths: readonly string[];
  readonly cautions: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Terms of the loss as the step reports them, for the legend of the curves. */
  readonly terms: readonly { readonly id: string; readonly label: string }[];
}
