import { ByteCache } from '../../base/disposable.ts';
import { cutShort, type FileSource } from '../source.ts';
import { type Directory, readNumbers } from './directory.ts';
import { codedBytes, type Layout } from './layout.ts';
import { compression, tag } from './tags.ts';

/** Where the bytes of a block lie; length 0 means the block was never written (a sparse file). */
export interface BlockPlace {
  readonly offset: number;
  readonly length: number;
}

/** Entries of an offset table are read in pages, so that a table of millions costs nothing to open. */
const pageEntries = 4096;

/** Places of the blocks of one image, by plane, row and column of blocks. */
export function blockTable(source: FileSource, layout: Layout) {
  const { directory } = layout;
  const offsetTag = directory.fields.has(tag.tileOffsets) ? tag.tileOffsets : tag.stripOffsets;
  const countTag = directory.fields.has(tag.tileByteCounts) ? tag.tileByteCounts : tag.stripByteCounts;
  const offsets = pagedNumbers(source, directory, offsetTag);
  const counts = pagedNumbers(source, directory, countTag);
  const storedDown = Math.ceil(layout.height / layout.storedHeight);
  const plain = layout.compression === compression.none;

  return async function place(plane: number, down: number, across: number): Promise<BlockPlace> {
    // A large uncompressed strip is cut in pieces: find the strip, then the rows within it.
    const firstRow = down * layout.blockHeight;
    const storedRow = Math.floor(firstRow / layout.storedHeight);
    const rowInside = firstRow - storedRow * layout.storedHeight;
    const index = (plane * storedDown + storedRow) * layout.across + across;
    const offset = await offsets(index);
    if (offset === undefined) return { offset: 0, length: 0 };
    const rows = layout.tiled
      ? layout.blockHeight
      : Math.min(layout.blockHeight, layout.height - firstRow, layout.storedHeight - rowInside);
    const stated = await counts(index);
    if (offset === 0 && (stated ?? 0) === 0) return { offset: 0, length: 0 };
    if (plain && stated !== 0) {
      const skipped = rowInside === 0 ? 0 : codedBytes(layout, rowInside);
      const wanted = codedBytes(layout, rows);
      // The size is known without the table of lengths, which old writers filled in wrongly: GDAL does not ask it.
      const held = layout.colour === 'stored' ? wanted : Math.min(wanted, stated ?? wanted);
      return checked(source, offset + skipped, held);
    }
    if (stated === 0) return { offset: 0, length: 0 };
    // Without a table of lengths a block may reach to the end of the file; no block needs much more than its pixels.
    const most = codedBytes(layout, rows) * 4 + 65536;
    const length = stated === undefined ? Math.max(0, source.size - offset) : stated;
    return checked(source, offset, Math.min(length, most));
  };
}

function checked(source: FileSource, offset: number, length: number): BlockPlace {
  if (offset + length > source.size) throw cutShort(source.path, source.size, offset + length);
  return { offset, length };
}

function pagedNumbers(source: FileSource, directory: Directory, tagId: number) {
  const pages = new ByteCache<number[]>(64 * pageEntries * 8);
  const count = directory.fields.get(tagId)?.count ?? 0;
  return async (index: number): Promise<number | undefined> => {
    if (index >= count) return undefined;
    const page = Math.floor(index / pageEntries);
    let values = pages.get(String(page));
    if (!values) {
      values = await readNumbers(source, directory, tagId, page * pageEntries, pageEntries);
      pages.set(String(page), values, values.length * 8);
    }
    return values[index - page * pageEntries];
  };
}
