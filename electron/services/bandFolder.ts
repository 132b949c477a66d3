/** A folder that holds one product of a satellite, a file for each band: Sentinel-2 or Landsat. */
import { type Dirent, readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { recogniseMask } from '../contract/catalog/masks.ts';
import { bandInName, productOf } from '../raster/productNames.ts';

/** Folders within folders that a product has (`.SAFE/GRANULE/…/IMG_DATA/R10m`), and files looked at. */
const deepest = 6;
const mostFiles = 5000;

/** Bands that show the ground by sunlight, in the order of the sensors' cards; others (thermal, panchromatic) stay out. */
const sentinel2 = 'B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B10 B11 B12'.split(' ');
const landsat8 = 'B1 B2 B3 B4 B5 B6 B7'.split(' ');
const landsat5 = 'B1 B2 B3 B4 B5 B7'.split(' ');

/**
 * The files of its bands, in order, each in the finest resolution there is, then its cloud masks.
 * Errors: unsupported for a product whose bands are JPEG 2000; bad-input for a folder without a product, or with several.
 */
export function bandFilesOf(folder: string): string[] {
  const files = filesIn(folder, deepest);
  const rasters = files.filter((file) => /^\.tiff?$/i.test(extname(file)));
  const bands = rasters.filter((file) => bandInName(file) !== null);
  if (bands.length === 0) throw noBands(folder, files);
  const products = [...new Set(bands.map(productOf))];
  if (products.length > 1) {
    throw new AppError(
      'bad-input',
      `${folder} holds the bands of ${products.length} products: ${products.slice(0, 3).join(', ')}`,
      {
        subject: folder,
        remedy: 'Add them one by one: give the files of one product, or a folder for each.',
      },
    );
  }
  const [product = ''] = products;
  const nameOf = (file: string) => (bandInName(file) ?? '').replace(/^SR_/, '');
  const wanted = /^LT|^LE|^LM/.test(product) ? landsat5 : /^L/.test(product) ? landsat8 : sentinel2;
  const chosen = wanted.flatMap((band) => finest(bands.filter((file) => nameOf(file) === band)));
  const masks = rasters.filter((file) => recogniseMask(basename(file)) !== null);
  return [...(chosen.length > 0 ? chosen : bands.sort()), ...finest(masks)];
}

/** Of one band in several resolutions the one with the smallest pixels: `_10m` before `_20m`. */
function finest(files: readonly string[]): string[] {
  const metres = (file: string) => Number(/_(\d\d)m\.\w+$/i.exec(file)?.[1] ?? 0);
  return [...files].sort((a, b) => metres(a) - metres(b) || a.localeCompare(b)).slice(0, 1);
}

function filesIn(folder: string, depth: number): string[] {
  const found: string[] = [];
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && depth > 0) found.push(...filesIn(path, depth - 1));
    if (found.length > mostFiles) {
      throw new AppError('bad-input', `${folder} holds more than ${mostFiles} files`, {
        subject: folder,
        remedy: 'Give the folder of one product.',
      });
    }
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new AppError('not-found', `The folder ${folder} cannot be read`, {
      subject: folder,
      remedy: 'Choose another folder.',
      cause,
    });
  }
}

function noBands(folder: string, files: readonly string[]): AppError {
  const jpeg2000 = files.filter((file) => /^\.(jp2|j2k)$/i.test(extname(file)));
  return jpeg2000.length > 0
    ? new AppError('unsupported', `The bands in ${folder} are JPEG 2000, which Swath does not read`, {
        subject: folder,
        remedy:
          'Convert each band with gdal_translate NAME.jp2 NAME.tif (or save the product as GeoTIFF in SNAP), keep the names, and add the folder of the results.',
      })
    : new AppError('bad-input', `${folder} holds no bands of Sentinel-2 or Landsat as GeoTIFF`, {
        subject: folder,
        remedy: 'Give the files themselves.',
      });
}
