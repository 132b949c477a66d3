/**
 * The head that changes its encoder: a linear head is fitted to the frozen features, then both are trained together on
 * patches around labelled pixels (`compute/classifiers/finetune.ts`), and the features are made anew.
 */
import { must } from '../base/assert.ts';
import { AppError } from '../base/errors.ts';
import { prngFrom, shuffle } from '../base/prng.ts';
import { buildFinetune } from '../compute/classifiers/finetune.ts';
import { buildEncoder } from '../compute/encoders/encoder.ts';
import type { PixelField } from '../contract/jobs.ts';
import type { DeviceChoice, Engine } from '../engine/types.ts';
import { applyNormalisation, matchBands } from '../feed/normalise.ts';
import type { JobContext } from '../jobs/protocol.ts';
import type { FeatureMaker } from './features.ts';
import { codeOf, codesOf, type Fit } from './fitted.ts';
import { fitHead } from './heads/fit.ts';
import { loadLinear } from './heads/linear.ts';
import { rowsOf } from './heads/rows.ts';
import { collectLabelledPixels, type LabelledPixels } from './labelledPixels.ts';
import { readPadded, type SceneReader } from './padded.ts';
import { startStage } from './progress.ts';

interface Parts {
  readonly pixels: LabelledPixels;
  readonly maker: FeatureMaker;
  readonly fields: readonly PixelField[];
  readonly reader: SceneReader;
  readonly engine: Engine;
  readonly device: DeviceChoice;
  readonly context: Pick<JobContext, 'signal' | 'progress'>;
}

/** Errors: usage without an encoder; when fitting those of the engine, and cancelled. */
export function fitFinetune(parts: Parts, seed: number, values: Readonly<Record<string, number>> = {}): Fit {
  const { pixels, maker, reader, engine, device, context } = parts;
  if (!maker.encoder) {
    throw new AppError('usage', 'Fine-tuning needs an encoder, and raw bands have none', {
      subject: 'finetune',
      remedy: 'Give the id of a pretraining run, or train the head linear, mlp or knn on raw bands.',
    });
  }
  const { record, weights } = maker.encoder;
  const { normalisation, recipe } = maker;
  const encoder = buildEncoder(record.encoder, normalisation.bands.length, record.settings);
  const radius = encoder.stride === 1 ? must(recipe.radii[0], 'radius of the averaging') : 0;
  const bands = matchBands(normalisation, reader.info);

  return async (drawn) => {
    const codes = codesOf(pixels, drawn);
    const start = await fitHead('linear', rowsOf(pixels, drawn, codes), seed, context.signal);
    const tuning = buildFinetune({ encoder, classes: codes.length, radius, values });
    const running = await engine.startStep(
      tuning.spec,
      tuning.initialState(weights, must(start.linear, 'linear head')),
      {
        device,
      },
    );
    try {
      const stage = startStage(context, 'finetune', tuning.steps, 'steps');
      const prng = prngFrom(seed, 'finetune');
      const order: number[] = [];
      const { side, batch } = tuning;
      const patch = side * side * encoder.bands;
      for (let step = 0; step < tuning.steps; step++) {
        while (order.length < batch) order.push(...shuffle([...drawn], prng));
        const x = new Float32Array(batch * patch);
        const target = new Float32Array(batch * codes.length);
        for (const [i, pixel] of order.splice(0, batch).entries()) {
          const [col, row] = [pixels.col[pixel] ?? 0, pixels.row[pixel] ?? 0];
          const half = Math.floor(side / 2);
          const window = { col: col - half, row: row - half, width: side, height: side };
          const read = await readPadded(reader, window, bands);
          applyNormalisation(normalisation, read, x.subarray(i * patch, (i + 1) * patch));
          target[i * codes.length + codes.indexOf(codeOf(pixels, pixel))] = 1;
        }
        await running.run(
          {
            x: { shape: [batch, side, side, encoder.bands], data: x },
            target: { shape: [batch, codes.length], data: target },
          },
          tuning.hyperAt(step, tuning.steps),
        );
        stage.advance(1);
      }
      const tuned = tuning.result(await running.readState());
      const head = loadLinear(start.settings, {
        w: { shape: [encoder.dim, codes.length], data: tuned.head.w },
        b: { shape: [codes.length], data: tuned.head.b },
      });
      const changed: FeatureMaker = { ...maker, encoder: { record, weights: tuned.encoder } };
      const again = await collectLabelledPixels(changed, parts.fields, { reader, engine, device, context });
      return { codes, head, maker: changed, features: again.features };
    } finally {
      await running.dispose();
    }
  };
}
