/** The shape of a language as a translator sees it: the same keys, the same parameters, other sentences. */
export type Translated<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : T extends readonly unknown[]
      ? readonly Translated<T[number]>[]
      : { readonly [K in keyof T]: Translated<T[K]> };

/** A translation in progress: what it lacks is shown in English. A list is translated whole. */
export type Translation<T> = T extends string | ((...args: never[]) => string) | readonly unknown[]
  ? Translated<T>
  : { readonly [K in keyof T]?: Translation<T[K]> };

/** Every key of `whole`, from `part` where it has it. */
export function fallBack<T extends object>(whole: T, part: Translation<T>): Translated<T> {
  const entries = Object.entries(whole).map(([key, original]) => {
    const given: unknown = (part as Record<string, unknown>)[key];
    if (!isTable(original)) return [key, given ?? original];
    return [key, fallBack(original, (isTable(given) ? given : {}) as Translation<object>)];
  });
  return Object.fromEntries(entries) as Translated<T>;
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that a translation lacks, as dotted paths; lists must be as long as the original. */
export function untranslated(whole: object, part: unknown, path = ''): string[] {
  return Object.entries(whole).flatMap(([key, original]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const given: unknown = (part as Record<string, unknown> | undefined)?.[key];
    if (Array.isArray(original)) return Array.isArray(given) && given.length === original.length ? [] : [at];
    if (isTable(original)) return untranslated(original, given, at);
    return typeof given === typeof original ? [] : [at];
  });
}
