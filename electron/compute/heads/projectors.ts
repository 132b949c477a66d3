/**
 * Projectors and the predictor, one per method, as the papers and their official code have them; widths are the
 * catalogue's. All are thrown away after pretraining.
 */
import type { VectorNetwork } from '../layers/network.ts';
import { buildMlp, type Dense } from './mlp.ts';

const hidden = (out: number, bias: boolean): Dense => ({ out, bias, norm: 'affine', relu: true });

/** SimSiam: three layers, all normalised, the last without gamma, beta and ReLU (its bias would cancel and is left out). */
export function simsiamProjector(input: number, width: number): VectorNetwork {
  return buildMlp(input, [
    hidden(width, false),
    hidden(width, false),
    { out: width, bias: false, norm: 'plain', relu: false },
  ]);
}

/** SimSiam: bottleneck; normalisation and ReLU on the hidden layer only, bias on the output. */
export function simsiamPredictor(width: number, bottleneck: number): VectorNetwork {
  return buildMlp(width, [hidden(bottleneck, false), { out: width, bias: true, norm: 'none', relu: false }]);
}

/** SimCLR, official code: normalised throughout, biases cancelled by it, the last with gamma but without beta and ReLU. */
export function simclrProjector(input: number, width: number, out: number, layers: number): VectorNetwork {
  const body = Array.from({ length: layers - 1 }, () => hidden(width, false));
  return buildMlp(input, [...body, { out, bias: false, norm: 'scale', relu: false }]);
}

/** MoCo v2: fc, ReLU, fc, with biases and no normalisation, through which keys could be told apart. */
export function mocoProjector(input: number, width: number, out: number): VectorNetwork {
  return buildMlp(input, [
    { out: width, bias: true, norm: 'none', relu: true },
    { out, bias: true, norm: 'none', relu: false },
  ]);
}

/** Barlow Twins: three layers without bias; normalisation and ReLU on the first two. The loss standardises the output. */
export function barlowTwinsProjector(input: number, width: number): VectorNetwork {
  return buildMlp(input, [
    hidden(width, false),
    hidden(width, false),
    { out: width, bias: false, norm: 'none', relu: false },
  ]);
}

/** VICReg: as Barlow Twins, but the first two layers keep their bias. */
export function vicregProjector(input: number, width: number): VectorNetwork {
  return buildMlp(input, [
    hidden(width, true),
    hidden(width, true),
    { out: width, bias: false, norm: 'none', relu: false },
  ]);
}
