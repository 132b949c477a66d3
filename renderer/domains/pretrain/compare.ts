/** What tells runs apart. */
import type { Run } from '../../../electron/contract/run.ts';

/** Parts of the parameters that name a run's place in time, not a choice. */
const silent = new Set(['resume', 'importedFrom', 'importedRun']);

/** The parameters flat, by name; a setting of the form stands under its own. */
function flat(run: Run): ReadonlyMap<string, string> {
  const { set, ...own } = run.params;
  const settings = typeof set === 'object' && set !== null ? set : {};
  const entries = Object.entries({
    method: run.method,
    ...own,
    ...settings,
    device: run.device,
    seed: run.seed,
  });
  return new Map(entries.filter(([id]) => !silent.has(id)).map(([id, value]) => [id, words(value)] as const));
}

function words(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Settings in which at least two of the runs differ, each with the value of every run in their order. */
export function differences(
  runs: readonly Run[],
): { readonly id: string; readonly values: readonly string[] }[] {
  const maps = runs.map(flat);
  const ids = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  return ids
    .map((id) => ({ id, values: maps.map((map) => map.get(id) ?? '–') }))
    .filter(({ values }) => new Set(values).size > 1);
}
