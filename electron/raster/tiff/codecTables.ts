import type { YcbcrFormat } from '../codecs/colour.ts';
import { emptyTables, type JpegTables, readJpegTables } from '../codecs/jpeg.ts';
import type { OldJpeg } from '../codecs/oldJpeg.ts';
import type { FileSource } from '../source.ts';
import { type Directory, readBytes, readNumber, readNumbers } from './directory.ts';
import type { Layout } from './layout.ts';
import { compression, tag } from './tags.ts';

/** What codecs need from the file besides the block itself. */
export interface CodecTables {
  readonly lercParameters: readonly number[];
  readonly jpeg: JpegTables;
  /** T4Options (tag 292). */
  readonly faxOptions: number;
  readonly ycbcr: YcbcrFormat;
  readonly oldJpeg: OldJpeg | null;
}

/** The tables of one image. Errors: refusals. */
export async function readCodecTables(source: FileSource, layout: Layout): Promise<CodecTables> {
  const { directory } = layout;
  const jpeg = emptyTables();
  const stream = await readBytes(source, directory, tag.jpegTables);
  if (stream && layout.compression === compression.jpeg) readJpegTables(stream, jpeg);
  const luma = await readNumbers(source, directory, tag.ycbcrCoefficients, 0, 3);
  const [red = 0.299, green = 0.587, blue = 0.114] = luma;
  const [h, v] = layout.subsampling;
  const reference = await readNumbers(source, directory, tag.referenceBlackWhite, 0, 6);
  return {
    lercParameters: await readNumbers(source, directory, tag.lercParameters, 0, 8),
    jpeg,
    faxOptions: (await readNumber(source, directory, tag.t4Options)) ?? 0,
    ycbcr: { h, v, luma: [red, green, blue], reference },
    oldJpeg: layout.compression === compression.oldJpeg ? await readOldJpeg(source, directory) : null,
  };
}

const maxStreamBytes = 64 * 2 ** 20;

async function readOldJpeg(source: FileSource, directory: Directory): Promise<OldJpeg> {
  const at = (await readNumber(source, directory, tag.jpegInterchangeFormat)) ?? 0;
  const stated = (await readNumber(source, directory, tag.jpegInterchangeFormatLength)) ?? 0;
  const length = Math.min(stated, source.size - at, maxStreamBytes);
  const stream = at > 0 && length > 0 ? await source.read(at, length) : null;
  const offsets = (id: number) => readNumbers(source, directory, id, 0, 3);
  const quantisation: Uint8Array[] = [];
  for (const offset of await offsets(tag.jpegQTables)) quantisation.push(await source.read(offset, 64));
  const huffman = async (id: number) => {
    const tables: Uint8Array[] = [];
    for (const offset of await offsets(id)) {
      const counts = await source.read(offset, 16);
      const symbols = counts.reduce((sum, n) => sum + n, 0);
      tables.push(await source.read(offset, 16 + symbols));
    }
    return tables;
  };
  return { stream, quantisation, dc: await huffman(tag.jpegDcTables), ac: await huffman(tag.jpegAcTables) };
}
