import type { Settings } from './catalog/preferences.ts';
import type { MetricRow, Progress, Run } from './run.ts';

/** The project's tables that a window may hold a copy of. */
export const tables = [
  'project',
  'scenes',
  'regions',
  'classes',
  'fields',
  'runs',
  'models',
  'maps',
  'assessments',
  'samples',
  'history',
] as const;
export type Table = (typeof tables)[number];

/** What the app tells every window. `seq` counts up; a window that missed one reads everything again. */
export type AppEvent =
  /** `fields`: the ids of those that were added, changed or removed, where no other field was touched. */
  | { readonly type: 'changed'; readonly tables: readonly Table[]; readonly fields?: readonly string[] }
  | { readonly type: 'run'; readonly run: Run }
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'metrics'; readonly run: string; readonly rows: readonly MetricRow[] }
  | {
      readonly type: 'notice';
      readonly level: 'info' | 'warn' | 'error';
      readonly message: string;
      readonly run?: string;
    };
export type SequencedEvent = AppEvent & { readonly seq: number };
