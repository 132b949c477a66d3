/** The five method cards, keyed by the ids of `ids.ts`: a missing or an unknown card is a compile error. */
import type { MethodId } from './ids.ts';
import type { MethodCard } from './methodCard.ts';
import { barlowTwins } from './methods/barlowTwins.ts';
import { moco } from './methods/moco.ts';
import { simclr } from './methods/simclr.ts';
import { simsiam } from './methods/simsiam.ts';
import { vicreg } from './methods/vicreg.ts';

export const methodCards = {
  simsiam,
  simclr,
  moco,
  'barlow-twins': barlowTwins,
  vicreg,
} as const satisfies Record<MethodId, MethodCard>;

/** The method that the app proposes until it knows the project. */
export const defaultMethod: MethodId = 'vicreg';

export const methodCard = (id: MethodId): MethodCard => methodCards[id];
