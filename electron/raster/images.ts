import { refuse } from './refusal.ts';
import { type FileSource, openSource } from './source.ts';
import { isReadable, unreadable } from './tiff/decode.ts';
import { type Directory, readDirectories, readNumber } from './tiff/directory.ts';
import { type Layout, pixelBytes, readLayout } from './tiff/layout.ts';
import { tag } from './tiff/tags.ts';

/** One image of a file. */
export interface StoredImage {
  readonly source: FileSource;
  readonly layout: Layout;
}

export interface Overview {
  readonly image: StoredImage;
  readonly mask: StoredImage | null;
}

/** The images of a raster: itself, its mask, and the reduced versions from fine to coarse. */
export interface Images {
  readonly main: StoredImage;
  mask: StoredImage | null;
  overviews: Overview[];
}

/**
 * The first image of a file is the raster; overviews and masks are found among the others (NewSubfileType bits: 1
 * reduced, 4 mask). One that does not fit the first (a thumbnail in other bands) is left out, as are further pages.
 * Errors: refusals, when the first image cannot be read.
 */
export async function findImages(source: FileSource, warnings: string[]): Promise<Images> {
  const chain = await readDirectories(source);
  warnings.push(...chain.warnings);
  const [first, ...rest] = chain.directories;
  if (!first) throw refuse('not-geotiff', 'The file holds no image', source.path);
  const layout = await readLayout(source, first);
  if (!isReadable(layout)) throw unreadable(layout, source.path);
  if (!first.fields.has(tag.tileOffsets) && !first.fields.has(tag.stripOffsets)) {
    throw refuse('damaged', 'The file does not say where its pixels are', source.path);
  }
  // Of a single block the end of the file may stand in, as in libtiff.
  const counted = first.fields.has(tag.tileByteCounts) || first.fields.has(tag.stripByteCounts);
  if (!counted && layout.across * Math.ceil(layout.height / layout.storedHeight) > 1) {
    throw refuse('damaged', 'The file does not say how long its blocks are', source.path);
  }
  const reduced: StoredImage[] = [];
  const masks: StoredImage[] = [];
  let pages = 0;
  for (const directory of rest) {
    const kind = (await readNumber(source, directory, tag.newSubfileType)) ?? 0;
    if ((kind & 5) === 0) {
      pages++;
      continue;
    }
    const image = await readable(source, directory);
    if (!image) continue;
    if (kind & 4) masks.push(image);
    else if (fits(image.layout, layout)) reduced.push(image);
  }
  if (pages > 0) warnings.push(`The file holds ${pages} more images (pages); only the first is used.`);
  const maskOf = (of: Layout) =>
    masks.find(
      (m) => m.layout.width === of.width && m.layout.height === of.height && m.layout.samples === 1,
    ) ?? null;
  const mask = maskOf(layout);
  const overviews = reduced
    .map((image) => ({ image, mask: maskOf(image.layout) }))
    // Without its mask an overview would show what the full image hides.
    .filter((overview) => mask === null || overview.mask !== null);
  return { main: { source, layout }, mask, overviews: fineToCoarse(overviews) };
}

/**
 * The images of an overview file beside a raster, all of which are reduced versions. Adds the opened file to `sources`;
 * a file that cannot be used is left out with a warning, for the raster itself is still whole.
 */
export async function findOverviewFile(
  path: string,
  raster: Images,
  sources: FileSource[],
  warnings: string[],
): Promise<Overview[]> {
  try {
    const source = await openSource(path);
    sources.push(source);
    const found: Overview[] = [];
    for (const directory of (await readDirectories(source)).directories) {
      const image = await readable(source, directory);
      if (image && fits(image.layout, raster.main.layout)) found.push({ image, mask: null });
    }
    return raster.mask ? [] : fineToCoarse(found);
  } catch {
    warnings.push(`The overviews in ${path} cannot be read and are not used.`);
    return [];
  }
}

/** The mask in a file of its own (`<path>.msk`, as GDAL writes it): its first image, when it has the raster's size. */
export async function findMaskFile(
  path: string,
  raster: Images,
  sources: FileSource[],
  warnings: string[],
): Promise<StoredImage | null> {
  const { width, height } = raster.main.layout;
  try {
    const source = await openSource(path);
    sources.push(source);
    const [first] = (await readDirectories(source)).directories;
    const image = first && (await readable(source, first));
    if (image && image.layout.width === width && image.layout.height === height) return image;
  } catch {
    // Told below: the raster itself is still whole.
  }
  warnings.push(`The mask in ${path} cannot be read and is not used.`);
  return null;
}

async function readable(source: FileSource, directory: Directory): Promise<StoredImage | undefined> {
  const layout = await readLayout(source, directory).catch(() => undefined);
  return layout && isReadable(layout) ? { source, layout } : undefined;
}

/** Same bands, pixels that the same arrays hold, not larger, and of the same shape within a pixel. */
function fits(overview: Layout, main: Layout): boolean {
  const kind = ({ dtype }: Layout) => `${dtype.replace(/\d+/, '')}${pixelBytes(dtype)}`;
  const wide = (layout: Layout) => /int64/.test(layout.dtype);
  const alike = kind(overview) === kind(main) || (wide(main) && overview.dtype === 'float64');
  const slope = (overview.width / main.width) * main.height;
  return (
    alike &&
    overview.samples === main.samples &&
    overview.width < main.width + 1 &&
    overview.height <= main.height &&
    Math.abs(slope - overview.height) <= 2 + slope / 32
  );
}

function fineToCoarse(overviews: Overview[]): Overview[] {
  return overviews.sort((a, b) => b.image.layout.width - a.image.layout.width);
}
