import { vicregProjector } from '../heads/projectors.ts';
import { vicregLoss } from '../losses/vicreg.ts';
import { type Method, numberOf, project } from './method.ts';

export const vicreg: Method = {
  id: 'vicreg',
  zeroResidual: true,
  heads: (encoder, values) => ({
    projector: vicregProjector(encoder.dim, numberOf(values, 'projectorWidth')),
  }),
  objective(context, run) {
    const one = project(context, run, run.view1);
    const two = project(context, run, run.view2);
    const { loss, ...terms } = vicregLoss(one.z, two.z, {
      invariance: numberOf(context.values, 'invarianceWeight'),
      variance: numberOf(context.values, 'varianceWeight'),
      covariance: numberOf(context.values, 'covarianceWeight'),
    });
    return { loss, terms, h1: one.h, h2: two.h, z1: one.z };
  },
};
