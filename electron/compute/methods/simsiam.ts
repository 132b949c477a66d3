import type { Tensor2D } from '@tensorflow/tfjs-core';
import { must } from '../../base/assert.ts';
import { simsiamPredictor, simsiamProjector } from '../heads/projectors.ts';
import { detach } from '../layers/detach.ts';
import { trainingPass } from '../layers/pass.ts';
import { simsiamLoss } from '../losses/simsiam.ts';
import { isOn, type Method, numberOf, project } from './method.ts';

export const simsiam: Method = {
  id: 'simsiam',
  zeroResidual: true,
  heads(encoder, values) {
    const width = numberOf(values, 'projectorWidth');
    return {
      projector: simsiamProjector(encoder.dim, width),
      predictor: simsiamPredictor(width, numberOf(values, 'predictorWidth')),
    };
  },
  objective(context, run) {
    const one = project(context, run, run.view1);
    const two = project(context, run, run.view2);
    const predictor = must(context.heads.predictor, 'predictor');
    const predict = (z: Tensor2D) =>
      predictor.forward(trainingPass(run.weights, 'predictor/', run.record), z) as Tensor2D;
    const target = isOn(context.values, 'stopGradient') ? detach : <T>(z: T): T => z;
    const p1 = predict(one.z);
    const p2 = predict(two.z);
    const { loss, ...terms } = simsiamLoss(p1, p2, target(one.z), target(two.z));
    return { loss, terms, h1: one.h, h2: two.h, z1: one.z };
  },
  rates: (values) =>
    isOn(values, 'constantPredictorRate')
      ? [{ hyper: 'lrPredictor', covers: (name) => name.startsWith('predictor/'), scale: 1, constant: true }]
      : [],
};
