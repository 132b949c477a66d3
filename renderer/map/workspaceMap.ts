import type BaseLayer from 'ol/layer/Base.js';
import VectorLayer from 'ol/layer/Vector.js';
import OlMap from 'ol/Map.js';
import { unByKey } from 'ol/Observable.js';
import type Projection from 'ol/proj/Projection.js';
import VectorSource from 'ol/source/Vector.js';
import View from 'ol/View.js';
import type { Areal, Extent } from '../../electron/contract/geometry.ts';
import type { Units } from '../state/coordinates.ts';
import type { Marker } from '../state/markers.svelte.ts';
import type { Measured, Tool } from '../state/window.svelte.ts';
import { type ArealFeature, createFeatureSync, type Shape, toGeometry } from './arealFeatures.ts';
import { createGestures } from './gestures.ts';
import { createMarkerLayer } from './markerLayer.ts';
import { createProjection } from './projection.ts';
import { clipAtSwipe } from './swipe.ts';
import { type FieldLook, fieldStyle, regionStyle } from './vectorStyles.ts';

export interface FieldShape extends Shape, Omit<FieldLook, 'selected' | 'hovered' | 'filled'> {}

/** A raster layer the map is asked to show; layers are drawn in the order given. */
export interface RasterEntry {
  readonly id: string;
  readonly visible: boolean;
  readonly opacity: number;
  /** Cut off right of the swipe handle. */
  readonly swiped: boolean;
  create(projection: Projection): BaseLayer;
}

export interface MapHandlers {
  pointer(at: readonly [number, number] | null): void;
  resolution(unitsPerPixel: number): void;
  clicked(
    at: readonly [number, number],
    hits: { field: string | null; region: string | null },
    extend: boolean,
  ): void;
  /** A click on a marker belongs to no tool. */
  marked(id: string): void;
  drawn(geometry: Areal): void;
  measured(size: Measured): void;
  modified(kind: 'field' | 'region', id: string, geometry: Areal): void;
}

/** The map as an object without a framework: told what to show, it says what the pointer did. */
export function createWorkspaceMap(target: HTMLElement, handlers: MapHandlers) {
  const fields = new VectorSource<ArealFeature>();
  const regions = new VectorSource<ArealFeature>();
  const fieldSync = createFeatureSync<FieldShape>(fields);
  const regionSync = createFeatureSync<Shape>(regions);
  let selectedFields: ReadonlySet<string> = new Set();
  let selectedRegion: string | null = null;
  let hovered: string | null = null;
  let tool: Tool = 'identify';
  let drawTarget: 'field' | 'region' = 'field';
  let swipe: number | null = null;
  let filled = false;
  /** Screen pixels at the right that a card lies on. */
  let covered = 0;
  let projection = createProjection('pixels');

  const regionLayer = new VectorLayer({
    source: regions,
    style: (feature) => regionStyle(feature.getId() === selectedRegion),
    zIndex: 100,
  });
  const fieldLayer = new VectorLayer({
    source: fields,
    style: (feature) => {
      const id = String(feature.getId());
      const shape = fieldSync.get(id);
      return (
        shape && fieldStyle({ ...shape, selected: selectedFields.has(id), hovered: hovered === id, filled })
      );
    },
    zIndex: 101,
    updateWhileInteracting: true,
  });
  const markers = createMarkerLayer();
  const map = new OlMap({
    target,
    controls: [],
    layers: [regionLayer, fieldLayer, markers.layer],
    view: new View({ projection, center: [0, 0], resolution: 1 }),
  });
  const rasters = new Map<string, BaseLayer>();
  const swiped = new Set<BaseLayer>();

  const gestures = createGestures(map, () => (drawTarget === 'field' ? fields : regions), {
    drawn: handlers.drawn,
    measured: handlers.measured,
    modified: (id, geometry) => handlers.modified(drawTarget, id, geometry),
  });

  map.on('moveend', () => {
    const resolution = map.getView().getResolution();
    if (resolution) handlers.resolution(resolution);
  });
  map.on('pointermove', (event) => {
    const [x = 0, y = 0] = event.coordinate;
    handlers.pointer([x, y]);
    if (!event.dragging) hover([x, y]);
  });
  map.on('singleclick', (event) => {
    if (gestures.isDrawing()) return;
    const marker = markers.at(map, event.pixel);
    if (marker !== null) return handlers.marked(marker);
    const [x = 0, y = 0] = event.coordinate;
    const hits = { field: smallestAt(fields, [x, y]), region: smallestAt(regions, [x, y]) };
    handlers.clicked([x, y], hits, event.originalEvent.shiftKey || event.originalEvent.ctrlKey);
  });
  const leave = () => {
    handlers.pointer(null);
    hover(null);
  };
  target.addEventListener('pointerleave', leave);

  function hover(at: [number, number] | null) {
    const pickable = tool === 'paint' || tool === 'edit';
    const next = at && pickable && drawTarget === 'field' ? smallestAt(fields, at) : null;
    target.style.cursor = gestures.isDrawing()
      ? 'crosshair'
      : next
        ? 'pointer'
        : tool === 'identify'
          ? 'crosshair'
          : '';
    if (next === hovered) return;
    const before = hovered;
    hovered = next;
    for (const id of [before, next]) if (id) fields.getFeatureById(id)?.changed();
  }

  function editSelected() {
    const ids = drawTarget === 'field' ? [...selectedFields] : selectedRegion ? [selectedRegion] : [];
    const source = drawTarget === 'field' ? fields : regions;
    gestures.edit(ids.flatMap((id) => source.getFeatureById(id) ?? []));
  }

  return {
    setUnits(units: Units) {
      projection = createProjection(units);
      map.setView(new View({ projection, center: [0, 0], resolution: 1 }));
    },
    setRasters(entries: readonly RasterEntry[]) {
      const wanted = new Set(entries.map((e) => e.id));
      for (const [id, layer] of rasters) {
        if (wanted.has(id)) continue;
        map.removeLayer(layer);
        swiped.delete(layer);
        layer.dispose();
        rasters.delete(id);
      }
      entries.forEach((entry, order) => {
        let layer = rasters.get(entry.id);
        if (!layer) {
          layer = entry.create(projection);
          rasters.set(entry.id, layer);
          map.addLayer(layer);
          const shown = layer;
          clipAtSwipe(map, shown, () => (swiped.has(shown) ? swipe : null));
        }
        layer.setZIndex(order);
        layer.setVisible(entry.visible);
        layer.setOpacity(entry.opacity);
        if (entry.swiped) swiped.add(layer);
        else swiped.delete(layer);
      });
    },
    setCovered(pixels: number) {
      covered = pixels;
    },
    setFilled(on: boolean) {
      filled = on;
      fieldLayer.changed();
    },
    setSwipe(share: number | null) {
      swipe = share;
      map.render();
    },
    setFields(
      list: readonly FieldShape[],
      selected: readonly string[],
      look: { visible: boolean; opacity: number },
    ) {
      const before = selectedFields;
      selectedFields = new Set(selected);
      fieldSync.sync(list);
      for (const id of new Set([...before, ...selectedFields])) fields.getFeatureById(id)?.changed();
      fieldLayer.setVisible(look.visible);
      fieldLayer.setOpacity(look.opacity);
      editSelected();
    },
    setRegions(list: readonly Shape[], selected: string | null, look: { visible: boolean; opacity: number }) {
      selectedRegion = selected;
      regionSync.sync(list);
      regionLayer.changed();
      regionLayer.setVisible(look.visible);
      regionLayer.setOpacity(look.opacity);
      editSelected();
    },
    setMarkers: (list: readonly Marker[], current: string | null) => markers.set(list, current),
    setTool(next: Tool, kind: 'field' | 'region') {
      tool = next;
      drawTarget = kind;
      gestures.use(next);
      editSelected();
      hover(null);
    },
    fit(extent: Extent | Areal, animated = true) {
      const geometry = Array.isArray(extent) ? null : toGeometry(extent as Areal);
      map.getView().fit(geometry ?? [...(extent as Extent)], {
        padding: [24, 24 + covered, 24, 24],
        duration: animated && !matchMedia('(prefers-reduced-motion: reduce)').matches ? 220 : 0,
        size: map.getSize() ?? [800, 600],
      });
    },
    zoomBy(steps: number) {
      const view = map.getView();
      view.animate({ zoom: (view.getZoom() ?? 0) + steps, duration: 140 });
    },
    removeLastPoint: gestures.removeLastPoint,
    abort: gestures.abort,
    finish: gestures.finish,
    resized: () => map.updateSize(),
    /** Calls back once when everything in view has been drawn. */
    whenDrawn: (done: () => void) => {
      const key = map.once('rendercomplete', done);
      return () => unByKey(key);
    },
    dispose() {
      target.removeEventListener('pointerleave', leave);
      map.setTarget(undefined);
      map.dispose();
    },
  };
}
export type WorkspaceMap = ReturnType<typeof createWorkspaceMap>;

/** By geometry and not by what is painted: exact, and quick with thousands of shapes. */
function smallestAt(source: VectorSource<ArealFeature>, at: [number, number]): string | null {
  const found = source.getFeaturesAtCoordinate(at) as ArealFeature[];
  const smallest = found.sort(
    (a, b) => (a.getGeometry()?.getArea() ?? 0) - (b.getGeometry()?.getArea() ?? 0),
  )[0];
  return smallest ? String(smallest.getId()) : null;
}
