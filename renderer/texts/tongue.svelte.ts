import { chooseTongue, type Spoken, type Tongue } from '../../electron/contract/tongue.ts';

let current = $state.raw<Tongue>({ language: 'en', locale: 'en' });

/** What the window speaks now. What is derived from it follows a change by itself. */
export function tongue(): Tongue {
  return current;
}

export function speak(wanted: 'system' | Spoken, system: readonly string[]): void {
  current = chooseTongue(wanted, system);
}
