import type { MethodId } from '../../contract/catalog/ids.ts';
import { barlowTwins } from './barlowTwins.ts';
import type { Method } from './method.ts';
import { moco } from './moco.ts';
import { simclr } from './simclr.ts';
import { simsiam } from './simsiam.ts';
import { vicreg } from './vicreg.ts';

/** The implementations, keyed as the catalogue is: a card without code, or code without a card, does not compile. */
export const methods = {
  simsiam,
  simclr,
  moco,
  'barlow-twins': barlowTwins,
  vicreg,
} as const satisfies Record<MethodId, Method>;
