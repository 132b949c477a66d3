/** Where a window keeps its habits (panel, view of a scene): the browser's storage, or a map in tests. */
export interface Memory {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export function createMemory(entries: Record<string, string> = {}): Memory {
  const map = new Map(Object.entries(entries));
  return { get: (key) => map.get(key) ?? null, set: (key, value) => void map.set(key, value) };
}

/** The value kept under the key, or the fallback when there is none or it is not readable. */
export function recall<T>(
  memory: Memory,
  key: string,
  fallback: T,
  isRight: (value: unknown) => value is T,
): T {
  const text = memory.get(key);
  if (text === null) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    return isRight(value) ? value : fallback;
  } catch {
    return fallback;
  }
}
