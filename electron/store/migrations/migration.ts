import type { WritableDb } from '../rights.ts';

/** One step of the schema. Never edited after a release: a change is a new migration. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  up(db: WritableDb): void;
}
