import type { Param, Row, Values } from './rights.ts';

/** A row as JSON text; blobs as `{"blob": base64}`. */
export function encodeImage(row: Row): string {
  const plain = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? { blob: Buffer.from(value).toString('base64') } : value,
  ]);
  return JSON.stringify(Object.fromEntries(plain));
}

export function decodeImage(text: string): Values {
  const row = JSON.parse(text) as Record<string, Exclude<Param, Uint8Array> | { blob: string }>;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, Param] => [
      name,
      typeof value === 'object' && value !== null ? Buffer.from(value.blob, 'base64') : value,
    ]),
  );
}
