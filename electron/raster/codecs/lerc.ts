import { getDecoder } from 'geotiff';
import { refuse } from '../refusal.ts';

/**
 * LERC, alone or within Deflate or ZSTD (geotiff.js and Esri's lerc). `parameters` are the two values of tag 50674:
 * version and added compression. Errors: damaged.
 */
export async function decodeLerc(
  data: Uint8Array,
  expected: number,
  parameters: readonly number[],
  interleaved: boolean,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    const decoder = await getDecoder(34887, {
      tileWidth: 1,
      tileHeight: 1,
      predictor: 1,
      bitsPerSample: 8,
      planarConfiguration: interleaved ? 1 : 2,
      LercParameters: parameters,
    } as Parameters<typeof getDecoder>[1]);
    bytes = new Uint8Array(await decoder.decode(new Uint8Array(data).buffer));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse('damaged', `A LERC block does not decode: ${why}`, undefined, error);
  }
  if (bytes.length < expected) {
    throw refuse('damaged', `A LERC block ends after ${bytes.length} of ${expected} bytes`);
  }
  return bytes.subarray(0, expected);
}
