/** Job: a trained model → one ONNX file for QGIS and other tools, and a model card beside it. */

import type { ExportModelJob, ExportModelResult } from '../contract/jobs.ts';
import type { ModelRecord } from '../contract/model.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { Engine } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { compareExports } from './compareExports.ts';
import { deepnessMetadata } from './deepness.ts';
import { modelCard } from './modelCard.ts';
import { readModelFile } from './modelFile.ts';
import { onnxModel } from './onnxSpec.ts';
import { breathe, startStage } from './progress.ts';

/** Pixels of a side: what other tools feed at once. */
export const exportTile = 256;

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
  const { spec, weights, margin } = onnxModel({ ...model, record }, exportTile);
  const metadata = metadataOf(record, margin, job.metresPerPixel);
  const float32 = engine.exportOnnx(spec, weights, metadata);
  const int8 = job.int8 ? engine.exportOnnx(spec, weights, metadata, { int8: true }) : null;
  const { normalisation } = record;
  const codes = [0, ...record.classes.map(({ code }) => code)];
  const report =
    int8 && job.check
      ? await compareExports(
          { engine, float32, int8, side: exportTile, normalisation, codes },
          { ...job.check, fields: job.check.fields.filter(({ classCode }) => codes.includes(classCode)) },
        )
      : null;
  writeFileAtomic(job.out, int8 ?? float32);
  stage.advance(1);
  const parameters = Object.values(weights).reduce((sum, { data }) => sum + data.length, 0);
  const card = modelCard(job, record, { tile: exportTile, margin, parameters, int8: report });
  writeFileAtomic(job.card, `${JSON.stringify(card, null, 2)}\n`);
  stage.advance(1);
  return { files: [job.out, job.card], tile: exportTile, int8: report };
}

function metadataOf(
  record: ModelRecord,
  margin: number,
  metresPerPixel: number | null,
): Record<string, string> {
  const { normalisation } = record;
  const names = Object.fromEntries(record.classes.map(({ name }, i) => [String(i + 1), name]));
  return deepnessMetadata(
    { tile: exportTile, margin, metresPerPixel, normalisation },
    {
      model_type: 'Segmentor',
      class_names: { '0': 'unclassified', ...names },
      seg_thresh: 0,
      seg_small_segment: 0,
      swath_model: record.model,
      swath_run: record.run,
      swath_encoder: record.encoder?.run ?? null,
      swath_class_codes: [0, ...record.classes.map(({ code }) => code)],
      swath_class_colors: ['#000000', ...record.classes.map(({ color }) => color)],
    },
  );
}
