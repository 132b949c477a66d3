/** Job: a trained model → one ONNX file for QGIS and other tools, and a model card beside it. */

import type { ExportModelJob, ExportModelResult } from '../contract/jobs.ts';
import type { ModelRecord } from '../contract/model.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { Engine } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { modelCard } from './modelCard.ts';
import { readModelFile } from './modelFile.ts';
import { onnxModel } from './onnxSpec.ts';
import { breathe, startStage } from './progress.ts';

/** Pixels of a side: what other tools feed at once. */
const tile = 256;

/** Errors: those of the model file; unsupported for a head that is no network; those of writing. */
export async function exportModel(
  job: ExportModelJob,
  context: JobContext,
  engine: Engine,
): Promise<ExportModelResult> {
  const stage = startStage(context, 'export', 2, 'files');
  await breathe();
  const model = readModelFile(job.modelFile);
  const record: ModelRecord = {
    ...model.record,
    classes: model.record.classes.map((own) => job.classes.find(({ code }) => code === own.code) ?? own),
  };
  const { spec, weights, margin } = onnxModel({ ...model, record }, tile);
  writeFileAtomic(job.out, engine.exportOnnx(spec, weights, metadataOf(record, margin, job.metresPerPixel)));
  stage.advance(1);
  const parameters = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  const card = modelCard(job, record, { tile, margin, parameters });
  writeFileAtomic(job.card, `${JSON.stringify(card, null, 2)}\n`);
  stage.advance(1);
  return { files: [job.out, job.card], tile };
}

/**
 * What the QGIS plugin Deepness reads, each value a JSON document, and our own keys. Deepness divides by 255, subtracts a
 * mean and divides by a deviation; with 0 and 1/255 the model gets the stored numbers, which it normalises itself.
 */
function metadataOf(
  record: ModelRecord,
  margin: number,
  metresPerPixel: number | null,
): Record<string, string> {
  const { bands } = record.normalisation;
  const names = Object.fromEntries(record.classes.map(({ name }, i) => [String(i + 1), name]));
  const values: Record<string, unknown> = {
    model_type: 'Segmentor',
    class_names: { '0': 'unclassified', ...names },
    ...(metresPerPixel === null ? {} : { resolution: 100 * metresPerPixel }),
    // The plugin's documentation names one key, its code the other.
    tile_size: tile,
    tiles_size: tile,
    tiles_overlap: Math.min(50, Math.ceil((200 * margin) / tile)),
    standardization_mean: bands.map(() => 0),
    standardization_std: bands.map(() => 1 / 255),
    seg_thresh: 0,
    seg_small_segment: 0,
    swath_model: record.model,
    swath_run: record.run,
    swath_encoder: record.encoder?.run ?? null,
    swath_sensor: record.normalisation.sensor,
    swath_bands: bands.map(({ name, wavelengthNm }) => ({ name, wavelengthNm })),
    swath_class_codes: [0, ...record.classes.map(({ code }) => code)],
    swath_class_colors: ['#000000', ...record.classes.map(({ color }) => color)],
    swath_margin: margin,
  };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)]));
}
