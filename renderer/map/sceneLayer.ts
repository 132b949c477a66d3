import type BaseLayer from 'ol/layer/Base.js';
import type { Style } from 'ol/layer/WebGLTile.js';
import WebGLTileLayer from 'ol/layer/WebGLTile.js';
import type Projection from 'ol/proj/Projection.js';
import DataTileSource from 'ol/source/DataTile.js';
import { tileSize } from '../../electron/contract/bytes.ts';
import type { Scene } from '../../electron/contract/scene.ts';
import type { BytesUrl } from '../state/fetchBytes.ts';
import { rampAt } from '../state/ramps.ts';
import type { SceneIndex } from '../state/sceneIndex.ts';
import type { Range, ValueScale } from '../state/stretch.ts';
import { createCanvasTiles } from './canvasTiles.ts';
import { estimateRanges } from './estimateRanges.ts';
import { fetchChannels, fetchIndex } from './tileData.ts';
import { createTileGrid } from './tileGrid.ts';
import { hasWebGl } from './webgl.ts';

export interface SceneLook {
  readonly bands: readonly [number, number, number];
  readonly scale: ValueScale;
  /** null while the statistics are unknown: the layer then judges from its smallest overview. */
  readonly ranges: readonly [Range, Range, Range] | null;
  readonly gamma: number;
  /** Another number, other tiles: see `Scenes.editions`. */
  readonly edition: number;
  /** Drawn instead of the bands; `colors` from low to high. */
  readonly index: {
    readonly shown: SceneIndex;
    readonly range: Range;
    readonly colors: readonly string[];
  } | null;
}

export interface RasterHandle<Look> {
  readonly layer: BaseLayer;
  setLook(look: Look): void;
}

type Variables = Record<string, number>;

function styleOf(look: SceneLook): Style {
  const variables = variablesOf(rangesOf(look) ?? unknown, look.gamma);
  if (!look.index)
    return {
      variables,
      color: ['array', brightness('r', 1), brightness('g', 2), brightness('b', 3), ['band', 4]],
    };
  const { colors } = look.index;
  const stops = colors.flatMap((color, i) => [i / (colors.length - 1), color]);
  const ramp = ['interpolate', ['linear'], brightness('r', 1), ...stops];
  return { variables, color: ['case', ['<', ['band', 4], 0.5], [0, 0, 0, 0], ramp] };
}

const unknown: readonly [Range, Range, Range] = [
  [0, 1],
  [0, 1],
  [0, 1],
];

/** An index has one range; it fills all three channels. */
function rangesOf({ index, ranges }: SceneLook): SceneLook['ranges'] {
  return index ? [index.range, index.range, index.range] : ranges;
}

function brightness(channel: string, band: number) {
  const low = ['var', `${channel}Low`];
  const share = ['/', ['-', ['band', band], low], ['-', ['var', `${channel}High`], low]];
  return ['^', ['clamp', share, 0, 1], ['/', 1, ['var', 'gamma']]];
}

function variablesOf(ranges: readonly [Range, Range, Range], gamma: number): Variables {
  const [[rLow, rHigh], [gLow, gHigh], [bLow, bHigh]] = ranges;
  return { rLow, rHigh, gLow, gHigh, bLow, bHigh, gamma };
}

/** A scene's three channels. Stretch and gamma are uniforms: changing them costs one frame and no tile. */
export function createSceneLayer(
  scene: Scene,
  projection: Projection,
  url: BytesUrl,
  look: SceneLook,
  onError: (error: unknown) => void,
): RasterHandle<SceneLook> {
  return hasWebGl()
    ? createWebGlLayer(scene, projection, url, look, onError)
    : createCanvasLayer(scene, projection, url, look, onError);
}

function loadFor(scene: Scene, url: BytesUrl, look: SceneLook, onError: (error: unknown) => void) {
  return async (place: readonly [number, number, number], signal: AbortSignal) => {
    try {
      if (look.index) return await fetchIndex(url, scene.id, look.index.shown, place, signal);
      const channels = { scene: scene.id, bands: look.bands, scale: look.scale };
      return await fetchChannels(url, channels, place, signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
      throw error;
    }
  };
}

/** Ranges of the statistics, or of the smallest overview, which holds the whole scene in one tile. */
async function settleRanges(load: ReturnType<typeof loadFor>, look: SceneLook) {
  return rangesOf(look) ?? estimateRanges(await load([0, 0, 0], new AbortController().signal));
}

function createWebGlLayer(
  scene: Scene,
  projection: Projection,
  url: BytesUrl,
  first: SceneLook,
  onError: (error: unknown) => void,
): RasterHandle<SceneLook> {
  let current = first;
  const sourceFor = (look: SceneLook) => {
    const load = loadFor(scene, url, look, onError);
    return new DataTileSource({
      projection,
      tileGrid: createTileGrid(scene),
      tileSize,
      bandCount: 4,
      transition: 0,
      interpolate: false,
      loader: (z, x, y, { signal }) => load([z, x, y], signal),
    });
  };
  const layer = new WebGLTileLayer({
    source: sourceFor(first),
    style: styleOf(first),
    cacheSize: 256,
  });
  const update = (look: SceneLook) => {
    const ranges = rangesOf(look);
    if (ranges) return layer.updateStyleVariables(variablesOf(ranges, look.gamma));
    settleRanges(loadFor(scene, url, look, onError), look)
      .then((ranges) => {
        if (current === look) layer.updateStyleVariables(variablesOf(ranges, look.gamma));
      })
      .catch(() => undefined); // Reported by the loader.
  };
  update(first);
  return {
    layer,
    setLook(look) {
      const before = current;
      current = look;
      if (!sameTiles(before, look)) layer.setSource(sourceFor(look));
      // Ramps are compiled into the shader: others are another style.
      if (before.index?.colors !== look.index?.colors) layer.setStyle(styleOf(look));
      update(look);
    },
  };
}

function createCanvasLayer(
  scene: Scene,
  projection: Projection,
  url: BytesUrl,
  first: SceneLook,
  onError: (error: unknown) => void,
): RasterHandle<SceneLook> {
  let current = first;
  const painter = (ranges: readonly [Range, Range, Range], { gamma, index }: SceneLook) => {
    return (tile: Float32Array, rgba: Uint8ClampedArray) => {
      const share = (i: number, c: number) => {
        const [low, high] = ranges[c] ?? [0, 1];
        return Math.min(1, Math.max(0, ((tile[i + c] ?? 0) - low) / (high - low))) ** (1 / gamma);
      };
      for (let i = 0; i < tile.length; i += 4) {
        const color = index ? rampAt(index.colors, share(i, 0)) : [0, 1, 2].map((c) => 255 * share(i, c));
        rgba.set(color, i);
        rgba[i + 3] = tile[i + 3] ? 255 : 0;
      }
    };
  };
  const tiles = createCanvasTiles(
    scene,
    projection,
    painter(rangesOf(first) ?? unknown, first),
    loadFor(scene, url, first, onError),
  );
  const update = (look: SceneLook) => {
    settleRanges(loadFor(scene, url, look, onError), look)
      .then((ranges) => {
        if (current === look) tiles.repaint(painter(ranges, look));
      })
      .catch(() => undefined); // Reported by the loader.
  };
  if (!rangesOf(first)) update(first);
  return {
    layer: tiles.layer,
    setLook(look) {
      if (!sameTiles(current, look)) tiles.reload(loadFor(scene, url, look, onError));
      current = look;
      update(look);
    },
  };
}

function sameTiles(a: SceneLook, b: SceneLook): boolean {
  if (a.edition !== b.edition || a.index?.shown.index.id !== b.index?.shown.index.id) return false;
  if (a.index && b.index) return true;
  return a.scale === b.scale && a.bands.every((band, i) => band === b.bands[i]);
}
