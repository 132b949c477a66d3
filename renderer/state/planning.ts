import { byteRoutes } from '../../electron/contract/bytes.ts';
import type { Client } from '../../electron/contract/client.ts';
import type { Input } from '../../electron/contract/methods.ts';
import type { RunEstimate } from '../../electron/contract/run.ts';
import type { ViewsPreview } from '../../electron/contract/viewsPreview.ts';
import { fetchBytes } from './fetchBytes.ts';

/** What can be asked about a pretraining before it starts. */
export interface Planning {
  estimate(params: Input<'runs.pretrain'>): Promise<RunEstimate>;
  /** One tile and its views: the facts, and the pixels as `ViewsPreview` lays them out. */
  views(params: Input<'runs.preview'>): Promise<{ preview: ViewsPreview; pixels: Float32Array<ArrayBuffer> }>;
}

export function createPlanning(client: Client): Planning {
  return {
    estimate: (params) => client.call('runs.estimate', params),
    async views(params) {
      const preview = await client.call('runs.preview', params);
      const bytes = await fetchBytes(client.bytesUrl(byteRoutes.preview(preview.id)));
      return { preview, pixels: new Float32Array(bytes) };
    },
  };
}
