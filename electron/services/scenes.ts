import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { StatisticsResult } from '../contract/jobs.ts';
import type { Params } from '../contract/methods.ts';
import type { Project } from '../contract/project.ts';
import type { PixelValues, Scene, SceneFile, SceneInfo } from '../contract/scene.ts';
import { openSource } from '../feed/source.ts';
import { decideUnits } from '../feed/units.ts';
import type { RasterInfo } from '../raster/types.ts';
import { markStale } from '../store/maps.ts';
import { setProjectCrs } from '../store/project.ts';
import { addScene, changeScene, getScene, listScenes, removeScene } from '../store/scenes.ts';
import { mapToPixels } from '../vector/geotransform.ts';
import { type ChosenFile, chooseFiles, filesOfSource, shareBands } from './chosenFiles.ts';
import {
  type Context,
  changed,
  currentProject,
  newId,
  now,
  readable,
  requireOpened,
  writable,
} from './context.ts';
import { assertFits, crsRefOf, describeScene } from './describeScene.ts';
import { launch } from './launch.ts';
import { fromStored } from './opened.ts';
import { geotransformIn } from './pixels.ts';
import { describeFile, fingerprintOf, inPlaceOf, readScene, sourceOf, withStatus } from './sceneFiles.ts';

export async function list(ctx: Context): Promise<Scene[]> {
  const { path } = requireOpened(ctx);
  const scenes: Scene[] = [];
  for (const scene of listScenes(readable(ctx))) scenes.push(await withStatus(path, scene));
  return scenes;
}

/** Reads the header, takes the scene in, and starts its statistics. When those fail, the scene is taken back. */
export async function add(
  ctx: Context,
  params: Params<'scenes.add'>,
): Promise<{ scene: Scene; run: string }> {
  const db = writable(ctx);
  const project = currentProject(ctx);
  const chosen = chooseFiles(params);
  await assertNew(project, listScenes(db), chosen);
  const files = filesOfSource(chosen);
  const info = await headerOf(files);
  const crs = crsRefOf(info);
  assertFits(project, crs, info.path);
  const described = await inUnits(files, describeScene(info, params), params);
  const scene: Scene = {
    id: freeId(db, described.name),
    ...described,
    files: await Promise.all(chosen.map((file) => describeFile(project.path, file))),
    statistics: null,
    added: now(ctx),
  };
  db.transaction(() => {
    if (project.crs === undefined) setProjectCrs(db, crs);
    addScene(db, scene);
  });
  changed(ctx, 'scenes', 'project');
  return { scene, run: measure(ctx, scene) };
}

async function assertNew(
  project: Project,
  scenes: readonly Scene[],
  files: readonly ChosenFile[],
): Promise<void> {
  for (const file of files) {
    const { fingerprint } = await fingerprintOf(file.path);
    const isSame = (f: SceneFile) =>
      (f.fingerprint === fingerprint || fromStored(project.path, f.path) === file.path) &&
      shareBands(f, file);
    const twin = scenes.find((scene) => scene.files.some(isSame));
    if (!twin) continue;
    throw new AppError('exists', `${file.path} is in the project already, as scene ${twin.id}`, {
      subject: file.path,
      remedy: 'Use that scene, or remove it first.',
    });
  }
}

type Files = ReturnType<typeof filesOfSource>;

async function headerOf(files: Files): Promise<RasterInfo> {
  const reader = await openSource({ scene: '', ...files, sensor: null, date: null });
  await reader.dispose();
  return reader.info;
}

/** The description with the units of its bands, where stored numbers are not what was measured. */
async function inUnits<D extends Pick<Scene, 'bands' | 'sensor' | 'date'>>(
  files: Files,
  described: D,
  { scale, offset }: Params<'scenes.add'>,
): Promise<D> {
  const { sensor, date } = described;
  const reader = await openSource({ scene: '', ...files, sensor, date });
  try {
    const units = await decideUnits(reader, { sensor, date, scale, offset });
    if (units === null) return described;
    return { ...described, bands: described.bands.map((band, i) => ({ ...band, ...units[i] })) };
  } finally {
    await reader.dispose();
  }
}

/** A word that a command line can carry, from the name of the scene. */
function freeId(db: Parameters<typeof listScenes>[0], name: string): string {
  const base =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 48) || 'scene';
  const taken = new Set(listScenes(db).map((scene) => scene.id));
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** Starts the statistics of a scene; answers the run. */
function measure(ctx: Context, scene: Scene): string {
  const { path, readers } = requireOpened(ctx);
  const source = sourceOf(path, scene);
  const run = launch(ctx, {
    id: newId(ctx, 'statistics'),
    kind: 'statistics',
    method: null,
    params: { scene: scene.id },
    seed: null,
    lane: 'light',
    job: () => ({ kind: 'statistics', source }),
    record: (db, result) => {
      changeScene(db, scene.id, { statistics: (result as StatisticsResult).statistics });
    },
    failed: (db, error) => {
      // Closed or killed in between: measured at the next opening. Unreadable pixels: not a scene.
      const broken = error.code === 'bad-input' || error.code === 'unsupported' || error.code === 'mismatch';
      const unwanted = error.code === 'cancelled' && !isClosing(ctx);
      if ((broken || unwanted) && scene.statistics === null) {
        removeScene(db, scene.id);
        void readers.drop(`scene/${scene.id}/`);
      }
    },
  });
  return run.id;
}

const isClosing = (ctx: Context) => ctx.opened?.closing ?? true;

/** Scenes whose statistics never came to an end, because the app was closed or killed. */
export async function measureUnmeasured(ctx: Context): Promise<void> {
  for (const scene of await list(ctx)) {
    if (scene.statistics === null && scene.files.every((file) => file.status === 'ok')) measure(ctx, scene);
  }
}

export async function info(ctx: Context, params: Params<'scenes.info'>): Promise<SceneInfo> {
  const { path } = requireOpened(ctx);
  const scene = getScene(readable(ctx), params.scene);
  const { statistics } = scene;
  const warnings = await headerOf(sourceOf(path, scene)).then((header) => header.warnings);
  return {
    scene: scene.id,
    file: fromStored(path, scene.files[0]?.path ?? ''),
    width: scene.width,
    height: scene.height,
    bands: scene.bands.map(({ index, name, dtype, nodata, scale, offset }) => {
      const found = statistics?.bands.find((band) => band.index === index);
      const figures = found && found.valid > 0 ? found : null;
      return {
        index,
        name,
        dtype,
        nodata,
        min: figures?.min ?? null,
        max: figures?.max ?? null,
        mean: figures?.mean ?? null,
        std: figures?.std ?? null,
        valid: found?.valid ?? null,
        ...(scale === undefined ? {} : { scale, offset }),
      };
    }),
    crs: scene.crs?.epsg ?? scene.crs?.wkt ?? scene.crs?.name ?? null,
    geotransform: scene.geotransform,
    exact: statistics?.exact ?? null,
    warnings,
  };
}

export async function remove(ctx: Context, params: Params<'scenes.remove'>): Promise<null> {
  const db = writable(ctx);
  removeScene(db, params.scene);
  markStale(db, { scene: params.scene });
  await requireOpened(ctx).readers.drop(`scene/${params.scene}/`);
  changed(ctx, 'scenes', 'project', 'maps');
  return null;
}

/** Points a scene to where its files are now. Other pixels on the same grid are taken, and measured anew. */
export async function relink(ctx: Context, params: Params<'scenes.relink'>): Promise<Scene> {
  const db = writable(ctx);
  const { path, readers } = requireOpened(ctx);
  const scene = getScene(db, params.scene);
  const paths = params.files.map((file) => resolve(file));
  // Given the pixels alone, the masks stay where they are.
  const masks = scene.files.filter((file) => file.mask !== undefined);
  const kept = paths.length === scene.files.length - masks.length ? masks : [];
  const files = inPlaceOf(scene.files, [...paths, ...kept.map((file) => fromStored(path, file.path))]);
  const header = await headerOf(filesOfSource(files));
  const alike =
    header.width === scene.width &&
    header.height === scene.height &&
    header.bands.length === scene.bands.length &&
    String(header.geotransform) === String(scene.geotransform);
  if (!alike) {
    throw new AppError(
      'mismatch',
      `${paths.join(', ')} has ${header.width} × ${header.height} pixels and ${header.bands.length} bands; scene ${scene.id} has ${scene.width} × ${scene.height} and ${scene.bands.length}`,
      { subject: paths[0], remedy: 'Choose the file that was added, or add this one as a scene of its own.' },
    );
  }
  const described = await Promise.all(files.map((file) => describeFile(path, file)));
  const same = described.every((file, i) => file.fingerprint === scene.files[i]?.fingerprint);
  const linked = changeScene(db, scene.id, { files: described });
  await readers.drop(`scene/${scene.id}/`);
  if (!same) {
    markStale(db, { scene: scene.id });
    measure(ctx, linked);
  }
  changed(ctx, 'scenes', 'maps');
  return linked;
}

/** Values of every band under a position, null where there is none. Errors: `bad-input` outside the scene. */
export async function identify(ctx: Context, params: Params<'scenes.identify'>): Promise<PixelValues> {
  const scene = getScene(readable(ctx), params.scene);
  const [x, y] = mapToPixels(geotransformIn(currentProject(ctx), scene))(params.x, params.y);
  const [col, row] = [Math.floor(x), Math.floor(y)];
  if (col < 0 || row < 0 || col >= scene.width || row >= scene.height) {
    throw new AppError('bad-input', `(${params.x}, ${params.y}) lies outside scene ${scene.name}`, {
      subject: scene.id,
      remedy: `Its extent is ${scene.extent.join(', ')}.`,
    });
  }
  const values = await readScene(ctx, scene, async (reader) => {
    const found: (number | null)[] = [];
    for (const band of scene.bands) {
      // One by one: a pixel may be nodata in one band only. The block cache makes that cheap.
      const pixel = await reader.readWindow({ col, row, width: 1, height: 1 }, [band.index]);
      found.push(pixel.valid[0] ? (pixel.bands[0]?.[0] ?? null) : null);
    }
    return found;
  });
  return { scene: scene.id, col, row, values };
}
