import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { AppError } from '../../base/errors.ts';
import { type Prng, prngFrom } from '../../base/prng.ts';
import type { MethodId } from '../../contract/catalog/ids.ts';
import { methodCard } from '../../contract/catalog/methods.ts';
import { type ParameterValues, resolveParameters } from '../../contract/catalog/parameters.ts';
import type { Encoder } from '../encoders/encoder.ts';
import { prefixed } from '../layers/arrays.ts';
import type { Network } from '../layers/network.ts';
import { l2Normalise } from '../losses/l2Normalise.ts';
import { applyOptimizer, gradientNorm, slotShapes } from '../optim/optimizer.ts';
import type { Arrays, NdArray, Shapes, StepSpec, Tree } from '../step.ts';
import { adoptEncoder } from './adoptEncoder.ts';
import { differentiate } from './differentiate.ts';
import type { Context, Method, RateGroup } from './method.ts';
import { methods } from './methods.ts';
import { optimizerOf, ratesAt } from './optimization.ts';

/** A pretraining step, ready for the engine, with all that a loop needs around it. */
export interface PretrainStep {
  readonly spec: StepSpec;
  /**
   * Fresh state from a seed. With `encoder` (names without prefix) the encoder starts from those weights instead.
   * Throws AppError `mismatch` when they do not fit.
   */
  initialState(seed: number, encoder?: Arrays): Arrays;
  /** Scalars of step `step` (from 0) of `total`. */
  hyperAt(step: number, total: number): Record<string, number>;
  /** Batch inputs besides `view1` and `view2` (MoCo's shuffling); empty for most methods. Pure in its arguments. */
  extraInputs(seed: number, step: number): Arrays;
  /** Width of the embedding that the loss sees: std of normalised z is healthy near 1/√ of this. */
  readonly embeddingDim: number;
}

export interface StepChoice {
  readonly method: MethodId;
  readonly encoder: Encoder;
  /** Side of the square tiles, pixels. */
  readonly tile: number;
  readonly batch: number;
  /** Parameters of the method's card; defaults for what is absent. `batch` here is ignored: the one above counts. */
  readonly values?: ParameterValues;
}

/**
 * The step of a method: batch inputs `view1` and `view2` [B, tile, tile, bands], normalised. Metrics: `loss`, the
 * card's terms, `gradNorm`, `zStd` (mean std of the unit embeddings), and `h1`, `h2` [B, dim], `z1` [B, embeddingDim].
 * Throws AppError `usage` for parameters that are not allowed.
 */
export function buildStep(choice: StepChoice): PretrainStep {
  const { encoder, tile, batch } = choice;
  const card = methodCard(choice.method);
  const method: Method = methods[choice.method];
  const values = resolveParameters(card.name, card.parameters, { ...choice.values, batch });
  if (Math.ceil(tile / encoder.stride) < 2) {
    throw new AppError('usage', `A tile of ${tile} pixels is too small for ${encoder.id}`, {
      subject: 'tile',
      remedy: `Choose at least ${2 * encoder.stride} pixels, or the dense encoder.`,
    });
  }
  const context: Context = { encoder, batch, tile, values, heads: method.heads(encoder, values) };
  const parts: Record<string, Network> = { encoder, ...context.heads };
  const parameters = gather(parts, (part) => part.parameters);
  const statistics = gather(parts, (part) => part.statistics);
  const memory = method.memory?.(context);
  const optimizer = optimizerOf(values);
  const groups = method.rates?.(values) ?? [];
  const slots = slotShapes(optimizer, parameters);
  const view = [batch, tile, tile, encoder.bands];

  return {
    spec: {
      name: `${choice.method}/${encoder.id}`,
      state: { ...parameters, ...statistics, ...slots, ...memory?.state },
      batch: { view1: view, view2: view, ...memory?.inputs },
      hyper: ['lr', ...groups.map((g) => g.hyper), ...optimizer.hyper, ...Object.keys(memory?.hyper ?? {})],
      run(state, inputs, hyper) {
        const carried = memory?.prepare(state, inputs, hyper) ?? { state: {}, prepared: {} };
        const trained = Object.fromEntries(
          Object.keys(parameters).map((name) => [name, must(state[name], name)]),
        );
        const { loss, aux, gradients } = differentiate(trained, (current) => {
          const record: Tree = {};
          const out = method.objective(context, {
            weights: { ...state, ...current },
            record,
            view1: must(inputs.view1, 'view1') as Tensor4D,
            view2: must(inputs.view2, 'view2') as Tensor4D,
            prepared: carried.prepared,
          });
          const metrics: Tree = { ...out.terms, h1: out.h1, ...(out.h2 && { h2: out.h2 }), z1: out.z1 };
          return { loss: out.loss, aux: { ...prefixed('state/', record), ...prefixed('metric/', metrics) } };
        });
        const rateOf = (name: string, parameter: Tensor) => rateFor(groups, hyper, name, parameter);
        const updated = applyOptimizer(optimizer, state, gradients, hyper, rateOf);
        const metrics = pick(aux, 'metric/');
        const zStd = stdOfUnitRows(must(metrics.z1, 'z1') as Tensor2D);
        return {
          state: { ...carried.state, ...pick(aux, 'state/'), ...updated },
          metrics: { loss, ...metrics, gradNorm: gradientNorm(gradients), zStd },
        };
      },
    },
    initialState(seed, from) {
      const zeroResidual = { zeroResidual: method.zeroResidual };
      const fresh: Record<string, NdArray> = {};
      for (const [name, part] of Object.entries(parts)) {
        const prng: Prng = prngFrom(seed, 'weights', name);
        const arrays = name === 'encoder' ? encoder.init(prng, zeroResidual) : part.init(prng);
        Object.assign(fresh, prefixed(`${name}/`, arrays));
      }
      const initial = from ? { ...fresh, ...prefixed('encoder/', adoptEncoder(encoder, from)) } : fresh;
      return { ...initial, ...zeros(slots), ...memory?.init(initial, prngFrom(seed, 'memory')) };
    },
    hyperAt: (step, total) => ({
      ...ratesAt(values, batch, groups, step, total),
      ...optimizer.hyperAt(step),
      ...memory?.hyper,
    }),
    extraInputs: (seed, step) => memory?.draw(prngFrom(seed, 'step', step)) ?? {},
    embeddingDim: must(context.heads.projector, 'projector').dim,
  };
}

function gather(parts: Readonly<Record<string, Network>>, of: (part: Network) => Shapes): Shapes {
  return Object.assign({}, ...Object.entries(parts).map(([name, part]) => prefixed(`${name}/`, of(part))));
}

function pick(tree: Tree, prefix: string): Tree {
  const names = Object.keys(tree).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length), must(tree[name], name)]));
}

function zeros(shapes: Shapes): Arrays {
  const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { shape, data: new Float32Array(size(shape)) }]),
  );
}

function rateFor(groups: readonly RateGroup[], hyper: Tree, name: string, parameter: Tensor): Tensor {
  const group = groups.find((g) => g.covers(name, parameter.rank));
  return must(hyper[group?.hyper ?? 'lr'], 'learning rate');
}

/** Mean over features of the std over the batch of z/‖z‖ (SimSiam, section 4.1): near 1/√D when healthy, 0 collapsed. */
function stdOfUnitRows(z: Tensor2D): Tensor {
  const unit = l2Normalise(z);
  const variance = tf.mul(tf.sum(tf.square(tf.sub(unit, tf.mean(unit, 0))), 0), 1 / (z.shape[0] - 1));
  return tf.mean(tf.sqrt(variance));
}
