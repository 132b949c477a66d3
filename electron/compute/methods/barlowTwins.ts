import { barlowTwinsProjector } from '../heads/projectors.ts';
import { barlowTwinsLoss } from '../losses/barlowTwins.ts';
import { type Method, numberOf, project } from './method.ts';

export const barlowTwins: Method = {
  id: 'barlow-twins',
  zeroResidual: true,
  heads: (encoder, values) => ({
    projector: barlowTwinsProjector(encoder.dim, numberOf(values, 'projectorWidth')),
  }),
  objective(context, run) {
    const one = project(context, run, run.view1);
    const two = project(context, run, run.view2);
    const { loss, ...terms } = barlowTwinsLoss(one.z, two.z, numberOf(context.values, 'lambda'));
    return { loss, terms, h1: one.h, h2: two.h, z1: one.z };
  },
  // LARS leaves one-dimensional parameters unadapted, so the authors give them a much smaller rate.
  rates: (values) =>
    String(values.optimizer).startsWith('lars')
      ? [
          {
            hyper: 'lrBias',
            covers: (_, rank) => rank < 2,
            scale: numberOf(values, 'biasRate'),
            constant: false,
          },
        ]
      : [],
};
