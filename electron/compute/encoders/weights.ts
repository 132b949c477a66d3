/** What a list of layers keeps: shapes, fresh values, and the folded form for inference. */
import { must } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import { filled, normal, sizeOf } from '../layers/arrays.ts';
import { EPSILON } from '../layers/batchNorm.ts';
import type { Arrays, NdArray, Shapes } from '../step.ts';
import { type Layer, type Placed, place } from './layer.ts';

function kernelShape({ conv, in: from, wavelengths }: Placed): number[] {
  return [wavelengths > 0 ? 1 : conv.kernel, conv.kernel, from, conv.out];
}

export function parametersOf(layers: readonly Layer[], bands: number): Shapes {
  const shapes: Record<string, readonly number[]> = {};
  for (const item of place(layers, bands).placed) {
    const { conv, path } = item;
    shapes[`${path}/w`] = kernelShape(item);
    if (conv.norm) {
      shapes[`${path}/gamma`] = [conv.out];
      shapes[`${path}/beta`] = [conv.out];
    }
  }
  return shapes;
}

export function statisticsOf(layers: readonly Layer[], bands: number): Shapes {
  const shapes: Record<string, readonly number[]> = {};
  for (const { conv, path } of place(layers, bands).placed) {
    if (!conv.norm) continue;
    shapes[`${path}/mean`] = [conv.out];
    shapes[`${path}/variance`] = [conv.out];
  }
  return shapes;
}

/**
 * He initialisation (He et al. 2015): normal with variance 2 / fan-in before a ReLU, 1 / fan-in otherwise.
 * @param zeroResidual The last gamma of each residual branch starts at 0, so that a block starts as its skip
 * (Goyal et al. 2017; on in SimSiam, SimCLR and Barlow Twins).
 */
export function initOf(layers: readonly Layer[], bands: number, prng: Prng, zeroResidual: boolean): Arrays {
  const arrays: Record<string, NdArray> = {};
  for (const item of place(layers, bands).placed) {
    const { conv, path } = item;
    const shape = kernelShape(item);
    const fanIn = sizeOf(shape) / conv.out;
    arrays[`${path}/w`] = normal(shape, Math.sqrt((conv.norm || conv.relu ? 2 : 1) / fanIn), prng);
    if (conv.norm) {
      arrays[`${path}/gamma`] = filled([conv.out], zeroResidual && item.closes ? 0 : 1);
      arrays[`${path}/beta`] = filled([conv.out], 0);
      arrays[`${path}/mean`] = filled([conv.out], 0);
      arrays[`${path}/variance`] = filled([conv.out], 1);
    }
  }
  return arrays;
}

export function foldedShapes(layers: readonly Layer[], bands: number): Shapes {
  return Object.fromEntries(
    place(layers, bands).placed.flatMap((item): [string, readonly number[]][] => {
      const w: [string, readonly number[]] = [`${item.path}/w`, kernelShape(item)];
      return item.conv.norm ? [w, [`${item.path}/b`, [item.conv.out]]] : [w];
    }),
  );
}

/**
 * Normalisation by running statistics folded into the convolution before it: w·γ/√(σ²+ε), b = β − μ·γ/√(σ²+ε).
 * Inference then costs a convolution and a bias.
 */
export function foldOf(layers: readonly Layer[], bands: number, arrays: Arrays): Arrays {
  const get = (name: string) => must(arrays[name], `weight ${name}`).data;
  const folded: Record<string, NdArray> = {};
  for (const item of place(layers, bands).placed) {
    const { conv, path } = item;
    const shape = kernelShape(item);
    const w = get(`${path}/w`);
    if (!conv.norm) {
      folded[`${path}/w`] = { shape, data: w.slice() };
      continue;
    }
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((n) =>
      get(`${path}/${n}`),
    ) as [Float32Array, Float32Array, Float32Array, Float32Array];
    const scale = Float64Array.from(gamma, (g, i) => g / Math.sqrt((variance[i] ?? 1) + EPSILON));
    folded[`${path}/w`] = { shape, data: w.map((v, i) => v * (scale[i % conv.out] ?? 1)) };
    const b = beta.map((v, i) => v - (mean[i] ?? 0) * (scale[i] ?? 1));
    folded[`${path}/b`] = { shape: [conv.out], data: b };
  }
  return folded;
}

/**
 * Folded weights in the form of a checkpoint, with a normalisation that changes nothing: γ 1, β the bias, mean 0 and a
 * variance whose sum with ε is 1. Folding them again gives the same convolutions.
 */
export function unfoldOf(layers: readonly Layer[], bands: number, folded: Arrays): Arrays {
  const arrays: Record<string, NdArray> = {};
  for (const { conv, path } of place(layers, bands).placed) {
    arrays[`${path}/w`] = must(folded[`${path}/w`], `${path}/w`);
    if (!conv.norm) continue;
    arrays[`${path}/gamma`] = filled([conv.out], 1);
    arrays[`${path}/beta`] = must(folded[`${path}/b`], `${path}/b`);
    arrays[`${path}/mean`] = filled([conv.out], 0);
    arrays[`${path}/variance`] = filled([conv.out], 1 - EPSILON);
  }
  return arrays;
}
