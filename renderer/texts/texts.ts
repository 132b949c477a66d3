import type { Spoken } from '../../electron/contract/tongue.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { tongue } from './tongue.svelte.ts';
import { fallBack, type Translated } from './translation.ts';

type Texts = Translated<typeof en>;

const byLanguage: Readonly<Record<Spoken, Texts>> = { en, de: fallBack(en, de) };

/**
 * Every sentence of the window, by domain, in the language it speaks now. Read it where the sentence is shown: what a
 * module keeps from it at its start does not follow a change.
 */
export const t: Texts = Object.defineProperties(
  {} as Texts,
  Object.fromEntries(
    Object.keys(en).map((domain) => [
      domain,
      { enumerable: true, get: () => byLanguage[tongue().language][domain as keyof Texts] },
    ]),
  ),
);
