import type { Attribute, AttributeType, Feature, Value } from './types.ts';

/** Any value of a foreign format as one that can be stored and compared: dates as ISO 8601, the rest as JSON text. */
export function toValue(raw: unknown): Value {
  if (raw === null || raw === undefined) return null;
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (typeof raw === 'number') return Number.isFinite(raw) ? raw : null;
  // HCAT codes exceed int32 but are exact in a double; larger ones keep their digits as text.
  if (typeof raw === 'bigint') return Number.isSafeInteger(Number(raw)) ? Number(raw) : raw.toString();
  if (raw instanceof Date) return Number.isNaN(raw.getTime()) ? null : isoDate(raw);
  return JSON.stringify(raw, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)) ?? null;
}

function isoDate(date: Date): string {
  const iso = date.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso;
}

/** Attributes of features whose format states no types, in the order of first appearance. */
export function inferAttributes(features: readonly Feature[]): Attribute[] {
  const types = new Map<string, AttributeType | null>();
  for (const { properties } of features) {
    for (const [name, value] of Object.entries(properties)) {
      types.set(name, widen(types.get(name) ?? null, value));
    }
  }
  return [...types].map(([name, type]) => ({ name, type: type ?? 'text' }));
}

function widen(type: AttributeType | null, value: Value): AttributeType | null {
  if (value === null) return type;
  const own: AttributeType =
    typeof value === 'boolean'
      ? 'boolean'
      : typeof value === 'string'
        ? /^\d{4}-\d{2}-\d{2}$/.test(value)
          ? 'date'
          : 'text'
        : Number.isInteger(value)
          ? 'integer'
          : 'real';
  if (type === null || type === own) return own;
  const numbers = new Set<AttributeType>(['integer', 'real']);
  return numbers.has(type) && numbers.has(own) ? 'real' : 'text';
}
