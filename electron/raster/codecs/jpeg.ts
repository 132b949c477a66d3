import { refuse } from '../refusal.ts';
import { type Huffman, huffman, JpegBits } from './jpegBits.ts';
import { inverseDct, type Plane, upsample, ycbcrToRgb } from './jpegInverse.ts';

const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46,
  53, 60, 61, 54, 47, 55, 62, 63,
];

/** Quantisation and Huffman tables, which TIFF keeps apart from the blocks (tag 347). */
export interface JpegTables {
  readonly quantisation: Map<number, Int32Array>;
  readonly dc: Map<number, Huffman>;
  readonly ac: Map<number, Huffman>;
  restartInterval: number;
}

/** One component of a frame. */
export interface Component {
  readonly id: number;
  readonly h: number;
  readonly v: number;
  readonly table: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  plane: Plane;
  dc: number;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: Component[];
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly maxH: number;
  readonly maxV: number;
}

export function emptyTables(): JpegTables {
  return { quantisation: new Map(), dc: new Map(), ac: new Map(), restartInterval: 0 };
}

/** Reads a tables-only stream into `tables`. Errors: damaged. */
export function readJpegTables(data: Uint8Array, tables: JpegTables): void {
  readMarkers(data, tables, 0, 0);
}

/**
 * A sequential JPEG stream (8 bits, Huffman) → interleaved samples of at least width × height, cut to that size.
 * `toRgb` converts YCbCr, as the TIFF's photometric interpretation asks. Tables in the stream come over the shared ones.
 * Errors: damaged; compression, for progressive, arithmetic, lossless or 12-bit streams.
 */
export function decodeJpeg(
  data: Uint8Array,
  shared: JpegTables,
  expect: { width: number; height: number; samples: number; toRgb: boolean },
): Uint8Array {
  const frame = decodeJpegPlanes(data, shared, expect);
  const { width, height, samples } = expect;
  const out = new Uint8Array(width * height * samples);
  frame.components.forEach((component, c) => {
    const full = upsample(component.plane, frame.maxH / component.h, frame.maxV / component.v, width, height);
    for (let i = 0, at = c; i < full.length; i++, at += samples) out[at] = full[i] as number;
  });
  if (expect.toRgb && samples === 3) ycbcrToRgb(out);
  return out;
}

/** The components of a stream as they are stored, subsampled. Errors: as `decodeJpeg`. */
export function decodeJpegPlanes(
  data: Uint8Array,
  shared: JpegTables,
  { width, height, samples }: { width: number; height: number; samples: number },
): Frame {
  const tables: JpegTables = {
    quantisation: new Map(shared.quantisation),
    dc: new Map(shared.dc),
    ac: new Map(shared.ac),
    restartInterval: shared.restartInterval,
  };
  const frame = readMarkers(data, tables, width, height);
  if (!frame) throw refuse('damaged', 'A JPEG block holds no image');
  if (frame.components.length !== samples || frame.width < width || frame.height < height) {
    throw refuse(
      'damaged',
      `A JPEG block has ${frame.width} × ${frame.height} pixels in ${frame.components.length} bands instead of ${width} × ${height} in ${samples}`,
    );
  }
  return frame;
}

/** Walks the markers up to the end of the image; the frame when there was one. */
function readMarkers(
  data: Uint8Array,
  tables: JpegTables,
  minWidth: number,
  minHeight: number,
): Frame | null {
  const word = (i: number) => ((data[i] ?? 0) << 8) | (data[i + 1] ?? 0);
  if (word(0) !== 0xffd8) throw refuse('damaged', 'A JPEG block does not start as one');
  let frame: Frame | null = null;
  let at = 2;
  while (at + 4 <= data.length) {
    if (data[at] !== 0xff) {
      at++;
      continue;
    }
    const marker = data[at + 1] as number;
    if (marker === 0xd9) break;
    if (marker === 0xff || marker === 0 || (marker >= 0xd0 && marker <= 0xd8) || marker === 1) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    const length = word(at + 2);
    const body = data.subarray(at + 4, at + 2 + length);
    if (length < 2 || body.length < length - 2) throw refuse('damaged', 'A JPEG block is cut short');
    at += 2 + length;
    if (marker === 0xdb) readQuantisation(body, tables);
    else if (marker === 0xc4) readHuffman(body, tables);
    else if (marker === 0xdd) tables.restartInterval = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
    else if (marker === 0xc0 || marker === 0xc1) frame = readFrame(body, minWidth, minHeight);
    else if (marker >= 0xc2 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) {
      throw refuse(
        'compression',
        `JPEG blocks of process ${marker - 0xc0} (progressive, arithmetic …) are not read`,
      );
    } else if (marker === 0xda) {
      if (!frame) throw refuse('damaged', 'A JPEG block has a scan before its frame');
      at = readScan(data, at, body, frame, tables);
    }
  }
  return frame;
}

function readQuantisation(body: Uint8Array, tables: JpegTables): void {
  for (let at = 0; at < body.length; ) {
    const head = body[at++] as number;
    const wide = head >> 4 !== 0;
    const table = new Int32Array(64);
    for (let i = 0; i < 64; i++) {
      const value = wide ? ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0) : (body[at] ?? 0);
      table[zigzag[i] as number] = value;
      at += wide ? 2 : 1;
    }
    tables.quantisation.set(head & 15, table);
  }
}

function readHuffman(body: Uint8Array, tables: JpegTables): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const head = body[at] as number;
    const counts = body.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    const table = huffman(counts, body.subarray(at + 17, at + 17 + total));
    (head >> 4 === 0 ? tables.dc : tables.ac).set(head & 15, table);
    at += 17 + total;
  }
}

function readFrame(body: Uint8Array, minWidth: number, minHeight: number): Frame {
  const [bits, h1 = 0, h0 = 0, w1 = 0, w0 = 0, count = 0] = body;
  const height = (h1 << 8) | h0;
  const width = (w1 << 8) | w0;
  if (bits !== 8) throw refuse('compression', `JPEG blocks of ${bits} bits are not read`);
  if (count < 1 || count > 4 || body.length < 6 + count * 3 || width === 0 || height === 0) {
    throw refuse('damaged', 'A JPEG block has an impossible frame');
  }
  // A block that claims to be far larger than the TIFF says is not worth its memory.
  if (width * height > 4 * (minWidth + 64) * (minHeight + 64)) {
    throw refuse('damaged', `A JPEG block claims ${width} × ${height} pixels`);
  }
  const raw = Array.from({ length: count }, (_, i) => {
    const [id = 0, sampling = 0, table = 0] = body.subarray(6 + i * 3);
    return { id, h: sampling >> 4, v: sampling & 15, table };
  });
  if (raw.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4)) {
    throw refuse('damaged', 'A JPEG block has impossible sampling factors');
  }
  const maxH = Math.max(...raw.map(({ h }) => h));
  const maxV = Math.max(...raw.map(({ v }) => v));
  if (raw.some(({ h, v }) => maxH % h !== 0 || maxV % v !== 0)) {
    throw refuse('compression', 'JPEG blocks with fractional sampling are not read');
  }
  const mcusAcross = Math.ceil(width / (8 * maxH));
  const mcusDown = Math.ceil(height / (8 * maxV));
  const components = raw.map((c): Component => {
    const stride = mcusAcross * c.h * 8;
    const compWidth = Math.ceil((width * c.h) / maxH);
    const compHeight = Math.ceil((height * c.v) / maxV);
    const samples = new Uint8Array(stride * mcusDown * c.v * 8);
    return {
      ...c,
      blocksAcross: Math.ceil(compWidth / 8),
      blocksDown: Math.ceil(compHeight / 8),
      plane: { samples, width: compWidth, height: compHeight, stride },
      dc: 0,
    };
  });
  return { width, height, components, mcusAcross, mcusDown, maxH, maxV };
}

/** Decodes one scan; returns where the next marker may be. */
function readScan(data: Uint8Array, at: number, body: Uint8Array, frame: Frame, tables: JpegTables): number {
  const count = body[0] ?? 0;
  const parts = Array.from({ length: count }, (_, i) => {
    const component = frame.components.find((c) => c.id === body[1 + i * 2]);
    const selector = body[2 + i * 2] ?? 0;
    const dc = tables.dc.get(selector >> 4);
    const ac = tables.ac.get(selector & 15);
    const quantisation = component && tables.quantisation.get(component.table);
    if (!component || !dc || !ac || !quantisation) {
      throw refuse('damaged', 'A JPEG block refers to tables that are not there');
    }
    return { component, dc, ac, quantisation };
  });
  const single = parts.length === 1 ? parts[0] : undefined;
  const across = single ? single.component.blocksAcross : frame.mcusAcross;
  const down = single ? single.component.blocksDown : frame.mcusDown;
  const bits = new JpegBits(data, at);
  const coefficients = new Int32Array(64);
  const decodeOne = (part: (typeof parts)[number], blockX: number, blockY: number) => {
    const { component } = part;
    readBlock(bits, part.dc, part.ac, part.quantisation, component, coefficients);
    const { samples, stride } = component.plane;
    inverseDct(coefficients, samples, blockY * 8 * stride + blockX * 8, stride);
  };
  for (const { component } of parts) component.dc = 0;
  for (let mcu = 0; mcu < across * down; mcu++) {
    if (tables.restartInterval > 0 && mcu > 0 && mcu % tables.restartInterval === 0) {
      bits.restart();
      for (const { component } of parts) component.dc = 0;
    }
    const x = mcu % across;
    const y = Math.floor(mcu / across);
    if (single) decodeOne(single, x, y);
    else {
      for (const part of parts) {
        const { h, v } = part.component;
        for (let r = 0; r < v; r++) for (let c = 0; c < h; c++) decodeOne(part, x * h + c, y * v + r);
      }
    }
    // A block that merely ends early is finished in grey by other readers; here it is an error, for it is not data.
    if (bits.missing > 64) throw refuse('damaged', 'A JPEG block is cut short');
  }
  return bits.at;
}

function readBlock(
  bits: JpegBits,
  dc: Huffman,
  ac: Huffman,
  quantisation: Int32Array,
  component: Component,
  out: Int32Array,
): void {
  out.fill(0);
  component.dc += bits.signed(bits.symbol(dc) & 15);
  out[0] = component.dc * (quantisation[0] as number);
  for (let k = 1; k < 64; ) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0) {
      if (run !== 15) break;
      k += 16;
      continue;
    }
    k += run;
    const position = zigzag[k];
    if (position === undefined) throw refuse('damaged', 'A JPEG block runs past its 64 coefficients');
    out[position] = bits.signed(size) * (quantisation[position] as number);
    k++;
  }
}
