import VectorLayer from 'ol/layer/Vector.js';
import VectorImageLayer from 'ol/layer/VectorImage.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import { type ArealFeature, createFeatureSync, type Shape } from './arealFeatures.ts';
import { type FieldLook, fieldStyle } from './vectorStyles.ts';

export interface FieldShape extends Shape, Omit<FieldLook, 'selected' | 'hovered' | 'filled'> {}

/** From here on fields are drawn as one picture that moves with the map, and drawn anew when it rests. */
const many = 800;

/**
 * The fields of a project. What is selected or pointed at is drawn by a layer of its own, on copies: pointing, selecting
 * and moving a corner repaint a few shapes, however many thousands lie beneath.
 */
export function createFieldLayers(maps: readonly OlMap[]) {
  const source = new VectorSource<ArealFeature>();
  const marked = new VectorSource<ArealFeature>();
  const sync = createFeatureSync<FieldShape>(source);
  const marks = createFeatureSync<FieldShape>(marked);
  let selected: ReadonlySet<string> = new Set();
  let hovered: string | null = null;
  let filled = false;

  const style = (feature: { getId(): string | number | undefined }) => {
    const shape = sync.get(String(feature.getId()));
    return shape && fieldStyle({ ...shape, selected: false, hovered: false, filled });
  };
  const markStyle = (feature: { getId(): string | number | undefined }) => {
    const id = String(feature.getId());
    const shape = marks.get(id);
    return shape && fieldStyle({ ...shape, selected: selected.has(id), hovered: hovered === id, filled });
  };
  const layers = maps.map((map) => {
    const plain = new VectorLayer({ source, style, zIndex: 101, renderBuffer: 200 });
    const picture = new VectorImageLayer({ source, style, zIndex: 101, imageRatio: 1.6, visible: false });
    const top = new VectorLayer({
      source: marked,
      style: markStyle,
      zIndex: 102,
      updateWhileInteracting: true,
    });
    for (const layer of [plain, picture, top]) map.addLayer(layer);
    return { plain, picture, top };
  });

  function mark() {
    const ids = hovered === null || selected.has(hovered) ? selected : new Set([...selected, hovered]);
    marks.sync([...ids].flatMap((id) => sync.get(id) ?? []));
    for (const { top } of layers) top.changed();
  }

  return {
    source,
    /** The copies of what is selected: their corners may be moved. */
    selectedFeatures: () => [...selected].flatMap((id) => marked.getFeatureById(id) ?? []) as ArealFeature[],
    hovered: () => hovered,
    hover(id: string | null) {
      if (id === hovered) return;
      hovered = id;
      mark();
    },
    fill(on: boolean) {
      if (on === filled) return;
      filled = on;
      for (const { plain, picture } of layers) {
        plain.changed();
        picture.changed();
      }
      mark();
    },
    set(list: readonly FieldShape[], chosen: readonly string[], look: { visible: boolean; opacity: number }) {
      sync.sync(list);
      selected = new Set(chosen);
      mark();
      for (const { plain, picture, top } of layers) {
        plain.setVisible(look.visible && list.length < many);
        picture.setVisible(look.visible && list.length >= many);
        top.setVisible(look.visible);
        for (const layer of [plain, picture, top]) layer.setOpacity(look.opacity);
      }
    },
  };
}
