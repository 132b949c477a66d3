/** Answers the byte doors. Ids are looked up in the project; no path of a request ever reaches the disk. */
import { createReadStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError, toErrorRecord } from '../base/errors.ts';
import { mapLayerKinds } from '../contract/run.ts';
import { openRaster } from '../raster/open.ts';
import { readTile } from '../raster/readTile.ts';
import { isSlow, readRoughTile } from '../raster/roughTile.ts';
import { getScene } from '../store/scenes.ts';
import * as assessments from './assessments.ts';
import { type Context, currentProject, readable, requireOpened } from './context.ts';
import { embeddingTile } from './embeddings.ts';
import { liveTile } from './livePreview.ts';
import * as maps from './maps.ts';
import { wantOverviews } from './overviews.ts';
import { geotransformIn } from './pixels.ts';
import { viewsOf } from './previews.ts';
import { fingerprintOf, readScene } from './sceneFiles.ts';
import { interleave, placeTile } from './tiles.ts';

/** Errors become a status and `{error}` as JSON; a request that was given up is answered with 499. */
export async function handleBytes(ctx: Context, request: Request): Promise<Response> {
  try {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new AppError('usage', 'Bytes are only read');
    const url = new URL(request.url);
    const words = url.pathname.split('/').slice(1).map(decoded);
    const [door, kind, id, ...rest] = words;
    if (door !== 'bytes' || !id) throw nowhere(url.pathname);
    if (kind === 'scenes' && rest.length === 3)
      return await sceneTile(ctx, request, id, rest, url.searchParams.get('bands') ?? '');
    if (kind === 'embeddings' && rest.length === 4) return await embedding(ctx, id, rest, url.searchParams);
    if (kind === 'maps' && rest.length === 4) return await mapTile(ctx, request, id, rest);
    if (kind === 'maps' && rest.length === 1 && rest[0] === 'file') return mapFile(ctx, id);
    if (kind === 'live' && rest.length === 4) return await live(ctx, request, id, rest);
    if (kind === 'basemap' && id === 'world' && rest.length === 0)
      return file(join(ctx.options.paths.resources, 'basemap', 'world.json'), 'application/json', 'inline');
    if (kind === 'previews' && rest.length === 0) return binary(viewsOf(ctx, id), `"${id}"`);
    if (kind === 'reports' && rest.length === 0) return report(ctx, id);
    throw nowhere(url.pathname);
  } catch (error) {
    const { stack: _, ...record } = toErrorRecord(error);
    const status = request.signal.aborted ? 499 : (statuses[record.code] ?? 422);
    return Response.json({ error: record }, { status, headers: { 'cache-control': 'no-store' } });
  }
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch (cause) {
    throw new AppError('usage', 'The address is malformed', { subject: word.slice(0, 80), cause });
  }
}

const statuses: Partial<Record<string, number>> = { usage: 400, 'not-found': 404, internal: 500 };

function nowhere(path: string): AppError {
  return new AppError('not-found', `There are no bytes at ${path}`, { subject: path });
}

async function sceneTile(
  ctx: Context,
  request: Request,
  id: string,
  place: readonly string[],
  wanted: string,
): Promise<Response> {
  const scene = getScene(readable(ctx), id);
  const bands = wanted.split(',').map(Number);
  if (bands.length > 4 || !bands.every((band) => scene.bands.some(({ index }) => index === band))) {
    throw new AppError('usage', `bands=${wanted} names bands that scene ${id} has not`, {
      subject: 'bands',
      remedy: `Give one to four of 1 to ${scene.bands.length}.`,
    });
  }
  const transform = geotransformIn(currentProject(ctx), scene);
  const tile = placeTile(place, scene, transform);
  const tag = `"${scene.files.map((file) => file.fingerprint.slice(-16)).join('')}-${bands.join('.')}"`;
  if (request.headers.get('if-none-match') === tag) return unchanged(tag);
  // One band may be asked for twice (grey as red, green and blue): read once.
  const distinct = [...new Set(bands)];
  if (tile.factor > 1) {
    wantOverviews(ctx, scene).catch((error: unknown) => {
      ctx.options.log('warn', `No overviews of scene ${id}`, { error: String(error) });
    });
  }
  const { pixels, rough } = await readScene(ctx, scene, async (reader) => {
    request.signal.throwIfAborted();
    const slow = isSlow(reader, tile);
    const read = slow ? readRoughTile(reader, tile, distinct) : readTile(reader, tile, distinct, 'average');
    return { pixels: await read, rough: slow };
  });
  const columns = bands.map((band) => distinct.indexOf(band));
  // What stands for a tile is not kept: a better one follows as soon as there are reduced versions.
  return binary(interleave(pixels, columns), rough ? null : tag);
}

async function mapTile(
  ctx: Context,
  request: Request,
  id: string,
  [layer, ...place]: readonly string[],
): Promise<Response> {
  const map = maps.get(ctx, id);
  const kind = mapLayerKinds.find((known) => known === layer);
  if (!kind) throw nowhere(`maps/${id}/${layer ?? ''}`);
  const { out, confidence, layers } = map.result;
  const file =
    kind === 'class'
      ? out
      : kind === 'confidence'
        ? confidence
        : (layers?.find((extra) => extra.kind === kind)?.file ?? null);
  if (file === null) {
    throw new AppError('not-found', `Map ${id} was made without a ${kind} layer`, { subject: id });
  }
  const { fingerprint } = await fingerprintOf(file);
  const tag = `"${fingerprint.slice(-16)}"`;
  if (request.headers.get('if-none-match') === tag) return unchanged(tag);
  const open = () => openRaster(file, { cacheBytes: 32 * 2 ** 20 });
  const pixels = await requireOpened(ctx).readers.use(`map/${id}/${layer}/${fingerprint}`, open, (reader) => {
    request.signal.throwIfAborted();
    const transform = geotransformIn(currentProject(ctx), reader.info);
    return readTile(
      reader,
      placeTile(place, reader.info, transform),
      [1],
      kind === 'confidence' || kind === 'entropy' ? 'average' : 'nearest',
    );
  });
  const values = pixels.bands[0] ?? [];
  return binary(
    Uint8Array.from(pixels.valid, (valid, i) => (valid ? (values[i] ?? 0) : 0)),
    tag,
  );
}

/** Of the newest labels only: an older revision is refused, since nothing will show it. */
async function live(
  ctx: Context,
  request: Request,
  revision: string,
  [layer, ...place]: readonly string[],
): Promise<Response> {
  if (layer !== 'class' && layer !== 'confidence') throw nowhere(`live/${revision}/${layer ?? ''}`);
  request.signal.throwIfAborted();
  return binary((await liveTile(ctx, revision, place))[layer], `"${revision}-${layer}"`);
}

const embeddingViews = ['colours', 'clusters', 'similarity'] as const;

/** A run writes its files once, so its tiles never change. */
async function embedding(
  ctx: Context,
  id: string,
  [word, ...place]: readonly string[],
  search: URLSearchParams,
): Promise<Response> {
  const view = embeddingViews.find((known) => known === word);
  if (!view) throw nowhere(`embeddings/${id}/${word ?? ''}`);
  const pixel = {
    col: Number(search.get('col') ?? Number.NaN),
    row: Number(search.get('row') ?? Number.NaN),
  };
  const pixels = await embeddingTile(ctx, id, view, place, pixel);
  return binary(pixels, `"${id}-${view}-${pixel.col}-${pixel.row}"`);
}

function mapFile(ctx: Context, id: string): Response {
  return file(maps.get(ctx, id).result.out, 'image/tiff', 'attachment');
}

function report(ctx: Context, id: string): Response {
  const found = assessments.list(ctx).find((assessment) => assessment.id === id);
  if (!found?.result.report) throw new AppError('not-found', `There is no report ${id}`, { subject: id });
  return file(found.result.report, 'text/html; charset=utf-8', 'inline');
}

function file(path: string, type: string, disposition: 'inline' | 'attachment'): Response {
  let size: number;
  try {
    size = statSync(path).size;
  } catch (cause) {
    throw new AppError('not-found', `The file is missing: ${path}`, {
      subject: path,
      remedy: 'It was moved or removed; make it again.',
      cause,
    });
  }
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, {
    headers: {
      'content-type': type,
      'content-length': String(size),
      'content-disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
      'cache-control': 'private, no-cache',
    },
  });
}

const cached = (tag: string) => ({ etag: tag, 'cache-control': 'private, no-cache' });

function binary(pixels: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>, tag: string | null): Response {
  const caching = tag === null ? { 'cache-control': 'no-store' } : cached(tag);
  return new Response(pixels, { headers: { 'content-type': 'application/octet-stream', ...caching } });
}

function unchanged(tag: string): Response {
  return new Response(null, { status: 304, headers: cached(tag) });
}
