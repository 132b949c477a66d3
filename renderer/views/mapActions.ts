import type { Areal } from '../../electron/contract/geometry.ts';
import type { BrushStroke } from '../map/brush.ts';
import type { App } from '../state/app.svelte.ts';
import { t } from '../texts/texts.ts';

export interface Hits {
  readonly field: string | null;
  readonly region: string | null;
}

/** What the gestures on the map do, by the tool in hand. Each is one call, and so one step of undo. */
export function createMapActions(app: App) {
  const attempt = (doing: string, work: () => Promise<unknown>) => void app.notices.attempt(doing, work);
  return {
    clicked(at: readonly [number, number], hits: Hits, extend: boolean): void {
      const { tool, stage } = app.window;
      const scene = app.scenes.active;
      if (tool === 'paint') {
        const { field } = hits;
        if (field) attempt(t.labels.painting, () => app.labels.paint(field));
      } else if (tool === 'edit') {
        if (hits.field) app.labels.select(hits.field, extend);
        else if (!extend) app.labels.selected = [];
      } else if (tool === 'point') {
        if (scene) attempt(t.labels.drawing, () => app.edits.point(at, scene, app.scenes.owner));
      } else if (tool === 'wand') {
        if (scene)
          attempt(t.labels.wandFailed, () => app.wand.pick(scene.id, at, app.layers.view(scene).bands));
      } else {
        if (stage === 'regions' && hits.region) app.regions.selected = hits.region;
        attempt(t.scenes.identifying, () => app.scenes.identify(...at));
      }
    },
    drawn(geometry: Areal): void {
      if (app.window.stage === 'regions') {
        const name = t.regions.name(app.regions.list.length + 1);
        app.window.tool = 'identify';
        attempt(t.regions.adding, () => app.regions.add(geometry, name, app.scenes.owner));
      } else attempt(t.labels.drawing, () => app.labels.draw(geometry, app.scenes.owner));
    },
    modified(kind: 'field' | 'region', id: string, geometry: Areal): void {
      if (kind === 'field') attempt(t.labels.changing, () => app.labels.change([id], { geometry }));
      else attempt(t.regions.changing, () => app.regions.change(id, { geometry }));
    },
    brushed(stroke: BrushStroke, erase: boolean): void {
      if (erase) attempt(t.labels.erasing, () => app.edits.erase(stroke));
      else attempt(t.labels.drawing, () => app.edits.brush(stroke, app.scenes.owner));
    },
    cut(line: readonly (readonly [number, number])[], met: readonly string[]): void {
      attempt(t.labels.splitting, () => app.edits.split(line, met));
    },
    boxed(ids: readonly string[]): void {
      app.labels.selectAll(ids, true);
    },
  };
}
export type MapActions = ReturnType<typeof createMapActions>;

export function mergeSelected(app: App): void {
  if (app.labels.selected.length > 1) void app.notices.attempt(t.labels.merging, () => app.edits.merge());
}

/** Pastes at the pointer; with `inHand`, copies take the class and role in hand. */
export function pasteFields(app: App, inHand: boolean): void {
  const aside = 20 * (app.window.resolution ?? 1);
  void app.notices.attempt(t.labels.drawing, () =>
    app.edits.paste(app.window.pointer, aside, inHand, app.scenes.owner),
  );
}
