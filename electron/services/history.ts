import type { HistoryState } from '../contract/labels.ts';
import { historyState, redo, undo } from '../store/history.ts';
import { type Context, changed, readable, writable } from './context.ts';

export function state(ctx: Context): HistoryState {
  return historyState(readable(ctx));
}

/** Nothing to take back, or to do again, is no error. */
export function step(ctx: Context, direction: 'undo' | 'redo'): HistoryState {
  const swapped = (direction === 'undo' ? undo : redo)(writable(ctx), ctx.clock);
  if (swapped) changed(ctx, ...swapped.tables, 'history');
  return state(ctx);
}
