import { simclrProjector } from '../heads/projectors.ts';
import { ntXentLoss } from '../losses/ntXent.ts';
import { type Method, numberOf, project } from './method.ts';

export const simclr: Method = {
  id: 'simclr',
  zeroResidual: true,
  heads: (encoder, values) => ({
    projector: simclrProjector(
      encoder.dim,
      numberOf(values, 'projectorWidth'),
      numberOf(values, 'outputWidth'),
      numberOf(values, 'projectorLayers'),
    ),
  }),
  objective(context, run) {
    const one = project(context, run, run.view1);
    const two = project(context, run, run.view2);
    const { loss, ...terms } = ntXentLoss(one.z, two.z, numberOf(context.values, 'temperature'));
    return { loss, terms, h1: one.h, h2: two.h, z1: one.z };
  },
};
