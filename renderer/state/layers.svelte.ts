import { mapExtras } from '../../electron/contract/run.ts';
import type { Scene } from '../../electron/contract/scene.ts';
import type { Memory } from './memory.ts';
import { recall } from './memory.ts';
import type { OverlayKind } from './overlays.ts';
import type { IndexView } from './sceneIndex.ts';
import { type Range, type StretchMode, stretchRange, type ValueScale } from './stretch.ts';
import type { Stage } from './window.svelte.ts';

/** How one scene is drawn. `composite` is null when the bands were chosen one by one. */
export interface SceneView {
  readonly composite: string | null;
  readonly bands: readonly [number, number, number];
  readonly mode: StretchMode;
  readonly scale: ValueScale;
  readonly gamma: number;
  /** Manual ranges by band, on the scale. */
  readonly manual: Readonly<Record<number, Range>>;
  /** Drawn instead of the bands. */
  readonly index?: IndexView | null;
}

/** How a layer of the map is shown; ids are `scene:ID`, those of the overlays (`map:ID`, …), `regions` and `fields`. */
export interface LayerLook {
  readonly visible: boolean;
  readonly opacity: number;
}

const fresh: LayerLook = { visible: true, opacity: 1 };
const hiddenAtFirst: LayerLook = { visible: false, opacity: 1 };
/** Layers that would lie on what one came to see. */
const askedFor: readonly OverlayKind[] = [
  'sieved',
  'confidence',
  ...mapExtras,
  'clusters',
  'similarity',
  'live-confidence',
];
/** What changes under one's hands lets the scene through. */
const veil: LayerLook = { visible: true, opacity: 0.65 };

/** Steps of the job at which a classified map is what one looks at. At the others it would lie on the scene. */
const resultStages: readonly Stage[] = ['train', 'map', 'assess'];

/** A map has one look where results are looked at and another, hidden until asked for, where the scene is. */
export function lookId(layer: string, stage: Stage): string {
  return layer.startsWith('map:') && !resultStages.includes(stage) ? `${layer}@scene` : layer;
}

/** What the map shows and how. Habits of the window, kept by it and not by the project. */
export class Layers {
  views = $state.raw<Readonly<Record<string, SceneView>>>({});
  looks = $state.raw<Readonly<Record<string, LayerLook>>>({});
  /** Share of the map's width left of the swipe handle; null: no swipe. */
  swipe = $state<number | null>(null);
  /** What the second pane shows, `scene:ID` or the id of an overlay; null: there is one pane. */
  beside = $state<string | null>(null);
  /** Of the scene in the second pane; its best when null. */
  besideComposite = $state<string | null>(null);
  /** Raster layers in the order the user gave, the lowest first. */
  order = $state.raw<readonly string[]>([]);
  readonly #memory: Memory;
  #key = '';

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Takes up the habits of a project. */
  load(projectPath: string): void {
    this.#key = `layers:${projectPath}`;
    const kept = recall(this.#memory, this.#key, { views: {}, looks: {} }, isKept);
    this.views = kept.views;
    this.looks = kept.looks;
    this.order = kept.order ?? [];
    this.swipe = null;
    this.beside = null;
    this.besideComposite = null;
  }

  /** Layers in the order of the user; those that it does not name stay where they are. */
  arrange(ids: readonly string[]): string[] {
    const known = this.order.filter((id) => ids.includes(id));
    return ids.map((id) =>
      known.includes(id) ? (known[ids.filter((i) => known.includes(i)).indexOf(id)] ?? id) : id,
    );
  }

  /** Moves a layer one up (1) or down (−1) among those given, the lowest first. */
  move(id: string, steps: 1 | -1, ids: readonly string[]): void {
    const order = this.arrange(ids);
    const at = order.indexOf(id);
    const other = order[at + steps];
    if (at < 0 || other === undefined) return;
    order[at] = other;
    order[at + steps] = id;
    this.order = order;
    this.#keep();
  }

  /** The scene that is worked on lies above the other scenes. */
  raiseScene(id: string): void {
    const layer = `scene:${id}`;
    if (!this.order.includes(layer)) return;
    const others = this.order.filter((o) => o !== layer);
    const top = others.findLastIndex((o) => o.startsWith('scene:'));
    this.order = [...others.slice(0, top + 1), layer, ...others.slice(top + 1)];
    this.#keep();
  }

  look(id: string): LayerLook {
    const hidden = id.endsWith('@scene') || askedFor.some((kind) => id.startsWith(`${kind}:`));
    const first = id.startsWith('live:') ? veil : fresh;
    return this.looks[id] ?? (hidden ? hiddenAtFirst : first);
  }

  setLook(id: string, change: Partial<LayerLook>): void {
    this.looks = { ...this.looks, [id]: { ...this.look(id), ...change } };
    this.#keep();
  }

  view(scene: Scene): SceneView {
    return this.views[scene.id] ?? proposedView(scene);
  }

  setView(scene: Scene, change: Partial<SceneView>): void {
    this.views = { ...this.views, [scene.id]: { ...this.view(scene), ...change } };
    this.#keep();
  }

  resetView(scene: Scene): void {
    const { [scene.id]: _, ...others } = this.views;
    this.views = others;
    this.#keep();
  }

  #keep(): void {
    if (this.#key)
      this.#memory.set(
        this.#key,
        JSON.stringify({ views: this.views, looks: this.looks, order: this.order }),
      );
  }
}

/** The first composite of the scene (its sensor's best), or its first bands; powers in decibels. */
export function proposedView(scene: Scene): SceneView {
  const composite = scene.composites[0];
  const n = scene.bands.length;
  const bands = composite?.bands ?? (n >= 3 ? [1, 2, 3] : [1, 1, 1]);
  const shown = scene.bands.filter((b) => bands.includes(b.index));
  return {
    composite: composite?.id ?? null,
    bands,
    mode: 'percentile',
    scale: shown.length > 0 && shown.every((b) => b.role === 'power') ? 'decibel' : 'linear',
    gamma: 1,
    manual: {},
  };
}

/** The scene in one of its composites, otherwise as proposed. */
export function composedView(scene: Scene, composite: string): SceneView {
  const view = proposedView(scene);
  const found = scene.composites.find((c) => c.id === composite);
  return found ? { ...view, composite: found.id, bands: found.bands } : view;
}

/** Black and white of the three channels, or null until the statistics are there. */
export function channelRanges(scene: Scene, view: SceneView): readonly [Range, Range, Range] | null {
  const range = (index: number): Range | undefined => {
    const band = scene.statistics?.bands.find((b) => b.index === index);
    return band && stretchRange(band, view.mode, view.scale, view.manual[index]);
  };
  const [r, g, b] = view.bands.map(range);
  return r && g && b ? [r, g, b] : null;
}

interface Kept {
  views: Readonly<Record<string, SceneView>>;
  looks: Readonly<Record<string, LayerLook>>;
  order?: readonly string[];
}
function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'views' in value && 'looks' in value;
}
