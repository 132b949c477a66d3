/** Checks at the engine's wall: what is handed in has the names and shapes of the spec. */
import { AppError } from '../../base/errors.ts';
import type { Arrays, Shapes } from '../../compute/step.ts';
import { sameShape, sizeOf } from '../graph/graph.ts';

/** Throws `mismatch` when a name is missing or a shape differs. */
export function assertArrays(step: string, kind: string, arrays: Arrays, shapes: Shapes): void {
  for (const [name, shape] of Object.entries(shapes)) {
    const array = arrays[name];
    if (!array) throw new AppError('mismatch', `${step}: ${kind} '${name}' is missing`, { subject: name });
    if (!sameShape(array.shape, shape) || array.data.length !== sizeOf(shape)) {
      throw new AppError(
        'mismatch',
        `${step}: ${kind} '${name}' has shape [${array.shape}] (${array.data.length} numbers), not [${shape}]`,
        { subject: name },
      );
    }
  }
}
