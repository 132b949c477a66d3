import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { refuse } from '../refusal.ts';

type Decode = (data: ArrayBuffer) => Promise<{ data: Uint8ClampedArray; width: number; height: number }>;
let decoder: Promise<Decode> | undefined;

/** Google's libwebp as WebAssembly; compiled when the first WebP block is met. */
function loadDecoder(): Promise<Decode> {
  decoder ??= (async () => {
    const { default: decode, init } = await import('@jsquash/webp/decode.js');
    const file = createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm');
    await init({ wasmBinary: (await readFile(file)).buffer });
    return decode as unknown as Decode;
  })();
  return decoder;
}

/** A WebP image (lossy or lossless) → interleaved samples, 3 or 4 a pixel. Errors: damaged. */
export async function decodeWebp(
  data: Uint8Array,
  width: number,
  height: number,
  samples: number,
): Promise<Uint8Array> {
  assertSize(data, width, height);
  const decode = await loadDecoder();
  const image = await decode(new Uint8Array(data).buffer).catch((error: unknown) => {
    throw refuse('damaged', 'A WebP block does not decode', undefined, error);
  });
  const count = width * height;
  if (samples === 4) return new Uint8Array(image.data.buffer, image.data.byteOffset, count * 4);
  const out = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    out[i * 3] = image.data[i * 4] as number;
    out[i * 3 + 1] = image.data[i * 4 + 1] as number;
    out[i * 3 + 2] = image.data[i * 4 + 2] as number;
  }
  return out;
}

/** Reads the size from the stream's own header before anything is allocated for it. */
function assertSize(data: Uint8Array, width: number, height: number): void {
  const text = (at: number) => String.fromCharCode(...data.subarray(at, at + 4));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let found: [number, number] | undefined;
  if (data.length >= 30 && text(0) === 'RIFF' && text(8) === 'WEBP') {
    const kind = text(12);
    if (kind === 'VP8 ') found = [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    else if (kind === 'VP8L') {
      const packed = view.getUint32(21, true);
      found = [(packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1];
    } else if (kind === 'VP8X') {
      found = [(view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(27, true) & 0xffffff) + 1];
    }
  }
  if (found?.[0] !== width || found[1] !== height) {
    throw refuse(
      'damaged',
      `A WebP block has ${found ? found.join(' × ') : 'no'} pixels instead of ${width} × ${height}`,
    );
  }
}
