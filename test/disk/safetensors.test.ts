import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  readSafetensorsMetadata,
  writeSafetensors,
} from '../../electron/disk/safetensors.ts';
import { hasPython, runPython } from '../support/python.ts';

const folder = mkdtempSync(join(tmpdir(), 'swath-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const tensors = {
  'encoder/w': { shape: [2, 3], data: new Float32Array([1.5, -2, 0, 1e-30, 3, Number.NaN]) },
  mask: { shape: [3], data: new Uint8Array([0, 255, 7]) },
  'queue/pointer': { shape: [], data: new Int32Array([-42]) },
  '7': { shape: [1], data: new Float32Array([7]) },
  none: { shape: [0, 4], data: new Float32Array(0) },
};
const metadata = { step: '12', note: 'Größe – 量' };

describe('safetensors', () => {
  test('comes back bit for bit, misaligned tensors included', () => {
    const path = join(folder, 'a.safetensors');
    writeSafetensors(path, tensors, metadata);
    const back = readSafetensors(path);
    expect(back.tensors).toEqual(tensors);
    expect(back.metadata).toMatchObject(metadata);
    expect(readSafetensorsMetadata(path)).toEqual(back.metadata);
  });

  test.skipIf(!hasPython())('is laid out as the specification says, read by an independent parser', () => {
    const path = join(folder, 'b.safetensors');
    writeSafetensors(path, tensors, metadata);
    const script = `
import json, struct, sys
raw = open(sys.argv[1], 'rb').read()
n = struct.unpack('<Q', raw[:8])[0]
head = json.loads(raw[8:8 + n]); data = raw[8 + n:]
def at(k): return data[slice(*head[k]['data_offsets'])]
print(json.dumps([n % 8, head['encoder/w']['dtype'], head['encoder/w']['shape'], struct.unpack('<6f', at('encoder/w'))[:5],
  list(at('mask')), struct.unpack('<i', at('queue/pointer'))[0], head['__metadata__']['note'], len(data)]))`;
    const found = runPython(script, path);
    expect(found).toEqual([
      0,
      'F32',
      [2, 3],
      [1.5, -2, 0, Math.fround(1e-30), 3],
      [0, 255, 7],
      -42,
      metadata.note,
      35,
    ]);
  });

  test('any flipped byte is refused, and so is any cut', () => {
    const bytes = encodeSafetensors(tensors, metadata);
    for (let i = 0; i < bytes.length; i++) {
      const broken = bytes.slice();
      broken[i] = (broken[i] ?? 0) ^ 0x15;
      expect(() => decodeSafetensors(broken, 'file'), `byte ${i}`).toThrow(/safetensors/);
    }
    for (const length of [0, 7, 8, 40, bytes.length - 1])
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'file'), `${length} bytes`).toThrow(
        /safetensors/,
      );
  });

  test('sizes in the header are not trusted', () => {
    const claim = (entry: unknown, length?: bigint) => {
      const header = JSON.stringify({ a: entry });
      const bytes = Buffer.alloc(8 + header.length + 4);
      bytes.writeBigUInt64LE(length ?? BigInt(header.length));
      bytes.write(header, 8);
      return () => decodeSafetensors(bytes, 'file');
    };
    expect(claim({ dtype: 'F32', shape: [1], data_offsets: [0, 4] })).toThrow(/checksum/);
    expect(claim({ dtype: 'F32', shape: [1e9], data_offsets: [0, 4e9] })).toThrow(/claims bytes/);
    expect(claim({ dtype: 'F32', shape: [-1], data_offsets: [0, 4] })).toThrow(/malformed/);
    expect(claim({ dtype: 'F64', shape: [1], data_offsets: [0, 4] })).toThrow(/F64/);
    expect(claim({ dtype: 'F32', shape: [1], data_offsets: [0, 4] }, 2n ** 63n)).toThrow(/header would have/);
  });

  test('a missing file and a full header say what to do', () => {
    expect(() => readSafetensors(join(folder, 'none'))).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    const path = join(folder, 'junk');
    writeFileSync(path, readFileSync(new URL(import.meta.url)));
    expect(() => readSafetensorsMetadata(path)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});
