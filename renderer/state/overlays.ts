import { byteRoutes } from '../../electron/contract/bytes.ts';
import type { EmbedResult } from '../../electron/contract/embedding.ts';
import { type MapLayer, type MapLayerKind, mapExtras } from '../../electron/contract/run.ts';

/** What can lie over a scene besides the scene itself: the layers of a map, and what an encoder sees. */
export const seenKinds = ['colours', 'clusters', 'similarity'] as const;
/** What a map of the labels of this moment would be. */
export const liveKinds = ['live', 'live-confidence'] as const;
export type OverlayKind = MapLayerKind | (typeof seenKinds)[number] | (typeof liveKinds)[number];

/** How bytes become colours: a class each, a group each, a ramp of 1 to 101, 2 marked, or three channels as they are. */
export type Paint = 'classes' | 'groups' | 'ramp' | 'mark' | 'channels';

/** A raster layer of one byte (or, for `channels`, four) per pixel on the grid of a scene. */
export interface Overlay {
  /** Names its look too: `map:ID`, `entropy:ID`, `clusters:RUN`. */
  readonly id: string;
  readonly kind: OverlayKind;
  /** Id of the map or of the run. */
  readonly owner: string;
  readonly scene: string;
  readonly paint: Paint;
  /** Changes with what is asked of the same layer: other tiles. */
  readonly version: string;
  /** Soon replaced by its next version. */
  readonly passing?: boolean;
  readonly tile: (z: number, x: number, y: number) => string;
}

const paints: Readonly<Record<OverlayKind, Paint>> = {
  class: 'classes',
  sieved: 'classes',
  'runner-up': 'classes',
  confidence: 'ramp',
  entropy: 'ramp',
  unlike: 'mark',
  colours: 'channels',
  clusters: 'groups',
  similarity: 'ramp',
  live: 'classes',
  'live-confidence': 'ramp',
};

/** The class layer keeps the name `map:`, which every step of the job knows. */
const lookOf = (kind: OverlayKind, owner: string) => (kind === 'class' ? `map:${owner}` : `${kind}:${owner}`);

/** The layers that a map was made with, the lowest first. */
export function mapOverlays(map: MapLayer): Overlay[] {
  const made = new Set<MapLayerKind>([
    'class',
    ...(map.result.confidence === null ? [] : ['confidence' as const]),
    ...(map.result.layers ?? []).map(({ kind }) => kind),
  ]);
  const order: readonly MapLayerKind[] = ['class', 'sieved', 'confidence', ...mapExtras];
  return order
    .filter((kind) => made.has(kind))
    .map((kind) => ({
      id: lookOf(kind, map.id),
      kind,
      owner: map.id,
      scene: map.scene,
      paint: paints[kind],
      version: '',
      tile: (z, x, y) => byteRoutes.mapTile(map.id, kind, z, x, y),
    }));
}

/** What an encoder sees of a scene; how like each pixel is to one, once one was pointed at. */
export function seenOverlays(
  run: string,
  { scene }: Pick<EmbedResult, 'scene'>,
  pixel: { readonly col: number; readonly row: number } | null,
): Overlay[] {
  const layer = (kind: (typeof seenKinds)[number], tile: Overlay['tile'], version = ''): Overlay => ({
    id: lookOf(kind, run),
    kind,
    owner: run,
    scene,
    paint: paints[kind],
    version,
    tile,
  });
  return [
    layer('colours', (z, x, y) => byteRoutes.embeddingTile(run, z, x, y)),
    layer('clusters', (z, x, y) => byteRoutes.clusterTile(run, z, x, y)),
    ...(pixel
      ? [
          layer(
            'similarity',
            (z, x, y) => byteRoutes.similarityTile(run, z, x, y, pixel),
            `${pixel.col},${pixel.row}`,
          ),
        ]
      : []),
  ];
}

/** The preview of one revision of the labels of a scene. */
export function liveOverlays(scene: string, revision: string): Overlay[] {
  return liveKinds.map((kind) => ({
    id: lookOf(kind, scene),
    kind,
    owner: scene,
    scene,
    paint: paints[kind],
    version: revision,
    passing: true,
    tile: (z, x, y) => byteRoutes.liveTile(revision, kind === 'live' ? 'class' : 'confidence', z, x, y),
  }));
}
