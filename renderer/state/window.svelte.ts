import type { Extent } from '../../electron/contract/geometry.ts';
import type { Memory } from './memory.ts';
import { recall } from './memory.ts';

/** The steps of the job, in order: the rail. */
export const stages = ['scenes', 'regions', 'pretrain', 'label', 'train', 'map', 'assess'] as const;
export type Stage = (typeof stages)[number];
/** Where a step of the job has several panels, the first is the one that opens. */
export const stageTabs = {
  pretrain: ['runs', 'explore'],
  label: ['draw', 'next', 'explore'],
  train: ['models', 'curve'],
  assess: ['accuracy', 'sample'],
} as const satisfies Partial<Record<Stage, readonly string[]>>;
export type Tab = (typeof stageTabs)[keyof typeof stageTabs][number];

/** A dialog that menu, palette and panels open alike. */
export type FileWish = 'open-project' | 'new-project' | 'add-scene';
export type Opened = FileWish | 'export' | 'add-encoder' | 'import-labels';
export type SettingsPage = 'general' | 'keyboard' | 'help';
/** What a click or a drag on the map does. */
export type Tool =
  | 'identify'
  | 'paint'
  | 'rectangle'
  | 'polygon'
  | 'freehand'
  | 'point'
  | 'brush'
  | 'eraser'
  | 'wand'
  | 'split'
  | 'edit'
  | 'measure';

/** Radius of brush and eraser, in screen pixels. */
export const brushRange = { least: 3, most: 120 } as const;

/** What the measuring line is long, and what it encloses once it has three corners: metres, or pixels. */
export interface Measured {
  readonly length: number;
  readonly area: number | null;
}

/** The window itself: stage, panel, tool, what lies under the pointer. */
export class WindowState {
  stage = $state<Stage>('scenes');
  panelOpen = $state(true);
  tool = $state<Tool>('identify');
  tabs = $state.raw<Partial<Record<Stage, Tab>>>({});
  shortcutsOpen = $state(false);
  paletteOpen = $state(false);
  settingsOpen = $state<SettingsPage | null>(null);
  measured = $state.raw<Measured | null>(null);
  placesOpen = $state(false);
  opened = $state<Opened | null>(null);
  /** What the export dialog proposes first. */
  exporting = $state<string | null>(null);
  /** The file that was dropped to be imported. */
  dropped = $state<string | null>(null);
  tourStep = $state<number | null>(null);
  layersOpen = $state(true);
  pointer = $state.raw<readonly [number, number] | null>(null);
  /** Map units per screen pixel. */
  resolution = $state<number | null>(null);
  /** What of the ground is in view. */
  extent = $state.raw<Extent | null>(null);
  brushRadius = $state(16);
  /** Corners that are drawn or moved snap to those near them. */
  snapping = $state(true);
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.panelOpen = recall(memory, 'panelOpen', true, isBoolean);
    this.layersOpen = recall(memory, 'layersOpen', true, isBoolean);
    this.snapping = recall(memory, 'snapping', true, isBoolean);
    this.brushRadius = recall(memory, 'brushRadius', 16, (v): v is number => typeof v === 'number');
  }

  go(stage: Stage): void {
    if (this.stage !== stage) this.tool = stage === 'label' ? 'paint' : 'identify';
    this.stage = stage;
    this.setPanel(true);
  }

  /** The open panel of the present step, where it has several. */
  get tab(): Tab | null {
    const tabs = tabsOf(this.stage);
    return tabs.find((tab) => tab === this.tabs[this.stage]) ?? tabs[0] ?? null;
  }

  export(kind: string): void {
    this.exporting = kind;
    this.opened = 'export';
  }

  /** Opens a panel of a step; looking and going from point to point need a map that only answers. */
  openTab(stage: Stage, tab: Tab): void {
    this.go(stage);
    this.tabs = { ...this.tabs, [stage]: tab };
    this.tool = tab === 'draw' ? 'paint' : 'identify';
  }

  setPanel(open: boolean): void {
    this.panelOpen = open;
    this.#memory.set('panelOpen', JSON.stringify(open));
  }

  setLayers(open: boolean): void {
    this.layersOpen = open;
    this.#memory.set('layersOpen', JSON.stringify(open));
  }

  setSnapping(on: boolean): void {
    this.snapping = on;
    this.#memory.set('snapping', JSON.stringify(on));
  }

  setBrushRadius(pixels: number): void {
    this.brushRadius = Math.min(brushRange.most, Math.max(brushRange.least, Math.round(pixels)));
    this.#memory.set('brushRadius', JSON.stringify(this.brushRadius));
  }

  /** The tour is offered once per machine. */
  offerTour(): void {
    if (!recall(this.#memory, 'tourSeen', false, isBoolean)) this.tourStep = 0;
  }

  nextTourStep(steps: number): void {
    const next = (this.tourStep ?? 0) + 1;
    if (next < steps) this.tourStep = next;
    else this.endTour();
  }

  endTour(): void {
    this.tourStep = null;
    this.#memory.set('tourSeen', 'true');
  }
}

export function tabsOf(stage: Stage): readonly Tab[] {
  return stage in stageTabs ? stageTabs[stage as keyof typeof stageTabs] : [];
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
