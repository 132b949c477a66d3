/**
 * Job: stands ready while someone labels, with the features of a scene at hand, learns anew from what is labelled at each
 * change, and classifies the tiles that are looked at. No encoder runs: features were prepared by a look through it
 * (`embed.ts`), so that a new label is on the map within a second or two.
 */
import { ByteCache } from '../base/disposable.ts';
import { AppError } from '../base/errors.ts';
import { type Tile, tileSize } from '../contract/bytes.ts';
import type { LivePreviewJob, LivePreviewQuestion, LivePreviewTile } from '../contract/jobs.ts';
import type { LiveFit } from '../contract/livePreview.ts';
import type { StandingContext } from '../jobs/protocol.ts';
import { openRaster } from '../raster/open.ts';
import { readTile } from '../raster/readTile.ts';
import type { WindowPixels } from '../raster/types.ts';
import { softmaxRows } from './classify.ts';
import { createLiveLabels } from './liveLabels.ts';

/** Tiles of features kept: those of a large window, so that a new label reads nothing. */
const tileBytes = 256 * 2 ** 20;
const blockBytes = 64 * 2 ** 20;
/** Stands for "nothing" in the bytes of features, and for the middle of their range. */
const [nothing, middle] = [0, 128];

interface Learnt {
  readonly revision: string;
  readonly codes: readonly number[];
  /** [axes, classes] and [classes], for bytes as they are stored. */
  readonly w: Float32Array;
  readonly b: Float32Array;
}

/** Errors: those of the features' file. Ends when it is cancelled. */
export async function livePreview(job: LivePreviewJob, context: StandingContext): Promise<null> {
  const reader = await openRaster(job.features, { cacheBytes: blockBytes });
  try {
    const labels = createLiveLabels(reader, middle);
    const bands = reader.info.bands.map((band) => band.index);
    const tiles = new ByteCache<WindowPixels>(tileBytes);
    let learnt: Learnt | null = null;

    async function featuresOf(tile: Tile): Promise<WindowPixels> {
      const key = JSON.stringify(tile);
      const known = tiles.get(key);
      if (known) return known;
      const pixels = await readTile(reader, tile, bands, 'average');
      tiles.set(key, pixels, pixels.valid.length * (bands.length + 1));
      return pixels;
    }

    async function learn({
      revision,
      fields,
    }: Extract<LivePreviewQuestion, { ask: 'fit' }>): Promise<LiveFit> {
      const { codes, head, counts } = await labels.learn(fields, context.signal);
      learnt = head && { revision, codes, ...forBytes(head) };
      return { classes: counts, learnt: learnt !== null };
    }

    async function tile({
      revision,
      tile,
    }: Extract<LivePreviewQuestion, { ask: 'tile' }>): Promise<LivePreviewTile> {
      if (learnt?.revision !== revision) {
        throw new AppError('not-found', `Preview ${revision} was overtaken by newer labels`, {
          subject: revision,
          remedy: 'Ask for the newest.',
        });
      }
      const pixels = await featuresOf(tile);
      return classifyTile(learnt, pixels.bands as readonly Uint8Array[], pixels.valid);
    }

    await context.answerWith((asked) => {
      const question = asked as LivePreviewQuestion;
      return question.ask === 'fit' ? learn(question) : tile(question);
    });
    return null;
  } finally {
    await reader.dispose();
  }
}

/** A head on centred bytes as one on bytes. */
function forBytes({ w, b }: { readonly w: Float32Array; readonly b: Float32Array }) {
  const k = b.length;
  const bias = Float64Array.from(b);
  for (let i = 0; i < w.length; i++) bias[i % k] = (bias[i % k] as number) - middle * (w[i] as number);
  return { w, b: Float32Array.from(bias) };
}

function classifyTile(
  { codes, w, b }: Learnt,
  bands: readonly Uint8Array[],
  valid: Uint8Array,
): LivePreviewTile {
  const n = tileSize * tileSize;
  const k = codes.length;
  const logits = new Float32Array(n * k);
  const sums = new Float32Array(n);
  for (let c = 0; c < k; c++) {
    sums.fill(0);
    for (const [axis, band] of bands.entries()) {
      const weight = w[axis * k + c] as number;
      for (let i = 0; i < n; i++) sums[i] = (sums[i] as number) + weight * (band[i] as number);
    }
    for (let i = 0; i < n; i++) logits[i * k + c] = sums[i] as number;
  }
  const p = softmaxRows(logits, b);
  const out = { class: new Uint8Array(n), confidence: new Uint8Array(n) };
  for (let i = 0; i < n; i++) {
    if (!valid[i] || bands[0]?.[i] === nothing) continue;
    let best = 0;
    for (let c = 1; c < k; c++) if ((p[i * k + c] as number) > (p[i * k + best] as number)) best = c;
    out.class[i] = codes[best] ?? 0;
    out.confidence[i] = Math.min(100, Math.max(1, Math.round(100 * (p[i * k + best] as number))));
  }
  return out;
}
