/** Job: a pretrained encoder → one ONNX file, from stored numbers to a vector of features per pixel. */
import type { ExportEncoderJob, ExportModelResult } from '../contract/jobs.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';
import type { Engine } from '../engine/types.ts';
import type { JobContext } from '../jobs/protocol.ts';
import { compareExports } from './compareExports.ts';
import { deepnessMetadata } from './deepness.ts';
import { readEncoderFile } from './encoderFile.ts';
import { exportTile } from './exportModel.ts';
import { onnxEncoder } from './onnxSpec.ts';
import { breathe, startStage } from './progress.ts';

/** Errors: those of the encoder file and of the scene; those of writing. */
export async function exportEncoder(
  job: ExportEncoderJob,
  context: JobContext,
  engine: Engine,
): Promise<ExportModelResult> {
  const stage = startStage(context, 'export', 1, 'files');
  await breathe();
  const file = readEncoderFile(job.encoderFile);
  const { record } = file;
  const { normalisation } = record;
  const { spec, weights, margin } = onnxEncoder(file, exportTile);
  const facts = { tile: exportTile, margin, metresPerPixel: job.metresPerPixel, normalisation };
  const metadata = deepnessMetadata(facts, {
    // The plugin writes each output of a regressor as a layer.
    model_type: 'Regressor',
    class_names: Object.fromEntries(
      Array.from({ length: record.dimension }, (_, i) => [String(i), `feature ${i + 1}`]),
    ),
    reg_output_scaling: 1,
    swath_run: record.run,
    swath_method: record.method,
    swath_dimension: record.dimension,
  });
  const float32 = engine.exportOnnx(spec, weights, metadata);
  if (!job.int8) {
    writeFileAtomic(job.out, float32);
    stage.advance(1);
    return { files: [job.out], tile: exportTile, int8: null };
  }
  const int8 = engine.exportOnnx(spec, weights, metadata, { int8: true });
  const compared = { engine, float32, int8, side: exportTile, normalisation, codes: null };
  const report = job.check ? await compareExports(compared, job.check) : null;
  writeFileAtomic(job.out, int8);
  stage.advance(1);
  return { files: [job.out], tile: exportTile, int8: report };
}
