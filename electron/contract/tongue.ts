/** Which languages the app speaks, and which of them it should: the window and the native menus alike. */
export const spoken = ['en', 'de'] as const;
export type Spoken = (typeof spoken)[number];

export interface Tongue {
  /** Of the sentences, and of the document. */
  readonly language: Spoken;
  /** Of numbers and dates: `de-AT` writes them differently from `de-CH`. */
  readonly locale: string;
}

/**
 * The wanted language, or the first of the system's that is spoken here, else English. Numbers and dates follow the
 * system's own variety of that language.
 */
export function chooseTongue(wanted: 'system' | Spoken, system: readonly string[]): Tongue {
  const of = (tag: string) => tag.split('-')[0]?.toLowerCase();
  const language =
    wanted === 'system'
      ? (system.map(of).find((tag): tag is Spoken => spoken.some((s) => s === tag)) ?? 'en')
      : wanted;
  return { language, locale: system.find((tag) => of(tag) === language) ?? language };
}
