/** From a job to batches: scenes opened, normalisation fitted or taken over, places and augmentations set up. */
import { must } from '../base/assert.ts';
import { hashSeed } from '../base/prng.ts';
import type { Normalisation } from '../contract/encoder.ts';
import type { PretrainJob } from '../contract/jobs.ts';
import { type Augmenter, createAugmenter } from '../feed/augment/augmenter.ts';
import { type Batches, createBatches } from '../feed/batches.ts';
import { chooseTransforms, dataKind } from '../feed/chooseTransforms.ts';
import { fitNormalisation } from '../feed/normalise.ts';
import { bandsOf, type OpenScenes, sampleScenes, seasonalPartners, sensorOf } from '../feed/open.ts';
import { createPlaces, type Places } from '../feed/places.ts';
import { assertSameUnits } from '../feed/sameUnits.ts';
import { createTiles, fitInMemory, type Tiles, windowPool } from '../feed/tiles.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { fitPlan } from './fitPlan.ts';
import { type PretrainPlan, planPretraining } from './pretrainPlan.ts';

export interface PretrainData {
  readonly batches: Batches;
  readonly tiles: Tiles;
  readonly places: Places;
  readonly augmenter: Augmenter;
}

export interface Fitted {
  readonly plan: PretrainPlan;
  readonly normalisation: Normalisation;
  /** What the plan takes back of the settings, for lack of ground. */
  readonly notices: readonly string[];
}

/** Plan and normalisation of a new run. Errors: those of reading; usage; mismatch between the scenes. */
export async function planFromData(
  job: PretrainJob,
  scenes: OpenScenes,
  signal: AbortSignal,
): Promise<Fitted> {
  const { seed } = job.params;
  const sample = await sampleScenes(scenes, { seed, signal });
  const sensor = sensorOf(scenes);
  const wanted = planPretraining(job.params, dataKind(chooseTransforms(sample, sensor), sensor));
  const places = createPlaces(scenes.placed, { side: wanted.tile, seed });
  const { plan, notices } = fitPlan(wanted, job.params, places.distinct(wanted.tile));
  const { info } = must(scenes.readers[0], 'reader');
  return { plan, normalisation: fitNormalisation(sample, info, { sensor, robust: plan.robust }), notices };
}

/** Errors: bad-input for scenes or regions too small for a tile; mismatch of bands or units; those of reading. */
export async function openData(
  plan: PretrainPlan,
  normalisation: Normalisation,
  scenes: OpenScenes,
): Promise<PretrainData> {
  const { seed, tile, batch } = plan;
  const bands = normalisation.bands.length;
  const perScene = bandsOf(scenes, normalisation);
  const open = scenes.readers.map((reader, i) => ({ reader, bands: must(perScene[i], 'bands') }));
  for (const { reader, bands: own } of open) await assertSameUnits(normalisation, reader, own);
  const augmenter = createAugmenter(plan.augmentations, { tile, record: normalisation, seed });
  const pool = fitInMemory(scenes.placed, bands) ? null : windowPool(bands, augmenter.patch);
  const places = createPlaces(scenes.placed, { side: augmenter.patch, seed, pool });
  const tiles = createTiles(open, normalisation);
  const batches = createBatches(places, tiles, augmenter, {
    batch,
    tile,
    bands,
    seed,
    maxNodata: plan.nodata,
    partners: seasonalPartners(scenes, plan.seasonDays),
  });
  return { batches, tiles, places, augmenter };
}

/** Changes when scenes or regions do. */
export function placesHash(job: PretrainJob): number {
  return hashSeed(JSON.stringify([job.sources.map((source) => source.scene), job.regions]));
}

/** Tiles over which batch normalisation of vectors gives steady statistics. */
const wantedBatch = 64;

/** What may be done but seldom helps: told when the run starts. */
export function warnAboutPlan(plan: PretrainPlan, places: Places, context: Pick<JobContext, 'event'>): void {
  const distinct = places.distinct(plan.tile);
  const queue = Number(plan.methodValues.queue ?? 0);
  if (plan.method === 'moco' && queue > Math.max(distinct / 2, 2 * plan.batch)) {
    context.event(
      'warning',
      `The queue of ${queue} tiles is long for ${distinct} distinct places: it holds old copies of the positive. Set queue to ${Math.max(plan.batch, Math.floor(distinct / 4))} or less, or add regions.`,
    );
  }
  if (plan.method !== 'moco' && plan.batch < wantedBatch) {
    context.event(
      'warning',
      `The projector of ${plan.method} is normalised over the batch, for which ${plan.batch} tiles are few: ${wantedBatch} or more are better, or MoCo, whose projector has no normalisation.`,
    );
  }
  if (plan.seasonDays > 0) {
    context.event(
      'warning',
      'Seasonal positives teach the encoder to ignore phenology. For crop types rather stack the dates as bands.',
    );
  }
}
