import type { Client } from '../../electron/contract/client.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { Export } from '../../electron/contract/run.ts';

export type ExportFiles = (params: Input<'exports.create'>) => Promise<Export>;

/** Writes what leaves the project; some kinds are there at once, others when their run has ended. */
export function createExporter(client: Client): ExportFiles {
  return (params) => client.call('exports.create', params);
}
