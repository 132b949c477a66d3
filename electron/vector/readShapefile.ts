import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import { AppError, fromSystemError } from '../base/errors.ts';
import { crsFromWkt, unknownCrs } from './crs.ts';
import { type DbfTable, readDbf } from './dbf.ts';
import { readShp } from './shp.ts';
import type { Feature, VectorLayer } from './types.ts';

interface Parts {
  readonly shp: Uint8Array;
  readonly dbf: Uint8Array | null;
  readonly prj: string | null;
  readonly cpg: string | null;
}

/** A Shapefile beside its .dbf, .prj and .cpg, whatever the case of their names. Errors: `not-found`, `bad-input`. */
export function readShapefile(path: string): VectorLayer {
  const stem = basename(path, extname(path));
  const folder = dirname(path);
  const siblings = new Map(readdirSync(folder).map((name) => [name.toLowerCase(), name]));
  const sibling = (extension: string): Uint8Array | null => {
    const name = siblings.get(`${stem}${extension}`.toLowerCase());
    return name ? readFileSync(join(folder, name)) : null;
  };
  return toLayer(
    {
      shp: readFileSync(path),
      dbf: sibling('.dbf'),
      prj: text(sibling('.prj')),
      cpg: text(sibling('.cpg')),
    },
    basename(path),
    stem,
    [stem],
  );
}

/** More than any field layer needs, and a bound against archives that unpack without end. */
const maxUnpackedBytes = 2 ** 31;

/** A zipped Shapefile. `layer` chooses one when the archive holds several. Errors: `bad-input`, `not-found`. */
export function readZippedShapefile(path: string, layer?: string): VectorLayer {
  const file = basename(path);
  if (!existsSync(path)) throw fromSystemError({ code: 'ENOENT' }, path);
  const entries = unzip(readFileSync(path), file);
  const byLower = new Map(Object.entries(entries).map(([name, bytes]) => [name.toLowerCase(), bytes]));
  const stems = Object.keys(entries)
    .filter((name) => /\.shp$/i.test(name) && !/(^|\/)__MACOSX\//.test(name))
    .map((name) => name.slice(0, -4));
  const stem = layer ? stems.find((s) => basename(s) === layer) : stems[0];
  const shp = stem === undefined ? undefined : byLower.get(`${stem}.shp`.toLowerCase());
  if (stem === undefined || !shp) {
    throw new AppError('bad-input', `${file} holds no Shapefile${layer ? ` named ${layer}` : ''}`, {
      subject: path,
      remedy:
        stems.length > 0
          ? `It holds ${stems.map((s) => basename(s)).join(', ')}.`
          : 'Give a .zip with a .shp.',
    });
  }
  const part = (extension: string) => byLower.get(`${stem}${extension}`.toLowerCase()) ?? null;
  const parts = { shp, dbf: part('.dbf'), prj: text(part('.prj')), cpg: text(part('.cpg')) };
  return toLayer(
    parts,
    `${file}/${basename(stem)}.shp`,
    basename(stem),
    stems.map((s) => basename(s)),
  );
}

function unzip(bytes: Uint8Array, file: string): Record<string, Uint8Array> {
  let total = 0;
  const filter = (entry: UnzipFileInfo) => {
    if (!/\.(shp|dbf|prj|cpg)$/i.test(entry.name)) return false;
    total += entry.originalSize;
    if (total > maxUnpackedBytes) {
      throw new AppError('unsupported', `${file} unpacks to more than 2 GiB`, {
        subject: file,
        remedy: 'Unpack it and import the .shp file.',
      });
    }
    return true;
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('bad-input', `${file} is not a whole zip archive: ${(cause as Error).message}`, {
      subject: file,
      remedy: 'Download or copy it again.',
      cause,
    });
  }
}

const text = (bytes: Uint8Array | null): string | null => (bytes ? new TextDecoder().decode(bytes) : null);

function toLayer(parts: Parts, file: string, name: string, layers: readonly string[]): VectorLayer {
  const shapes = readShp(parts.shp, file);
  const table: DbfTable = parts.dbf
    ? readDbf(parts.dbf, parts.cpg, file.replace(/\.shp$/i, '.dbf'))
    : { fields: [], rows: [] };
  const features: Feature[] = [];
  shapes.forEach((shape, i) => {
    const row = table.rows[i] ?? {};
    if (row !== 'deleted') features.push({ ...shape, properties: row });
  });
  return {
    name,
    layers,
    fields: table.fields,
    features,
    crs: parts.prj ? crsFromWkt(parts.prj) : unknownCrs,
  };
}
