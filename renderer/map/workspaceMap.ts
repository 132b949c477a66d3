import Feature from 'ol/Feature.js';
import DragPan from 'ol/interaction/DragPan.js';
import { defaults as defaultInteractions } from 'ol/interaction/defaults.js';
import VectorLayer from 'ol/layer/Vector.js';
import OlMap from 'ol/Map.js';
import { unByKey } from 'ol/Observable.js';
import VectorSource from 'ol/source/Vector.js';
import View from 'ol/View.js';
import type { Areal, Extent } from '../../electron/contract/geometry.ts';
import type { Units } from '../state/coordinates.ts';
import type { Marker } from '../state/markers.svelte.ts';
import type { Tool } from '../state/window.svelte.ts';
import { type ArealFeature, createFeatureSync, type Shape, toGeometry } from './arealFeatures.ts';
import { createBaseMap } from './baseMap.ts';
import { createFieldLayers } from './fieldLayers.ts';
import { createGestures, type GestureHandlers } from './gestures.ts';
import { createMarkerLayer } from './markerLayer.ts';
import { idsIn, smallestAt } from './pick.ts';
import { createProjection } from './projection.ts';
import { createRasterStack, type RasterEntry } from './rasterStack.ts';
import { regionStyle, sketchStyle } from './vectorStyles.ts';

export interface MapHandlers extends Omit<GestureHandlers, 'modified'> {
  pointer(at: readonly [number, number] | null): void;
  /** The view came to rest. */
  moved(view: { readonly resolution: number; readonly extent: Extent }): void;
  clicked(
    at: readonly [number, number],
    hits: { field: string | null; region: string | null },
    extend: boolean,
  ): void;
  /** A click on a marker belongs to no tool. */
  marked(id: string): void;
  modified(kind: 'field' | 'region', id: string, geometry: Areal): void;
}

/**
 * The map as an object without a framework: told what to show, it says what the pointer did. `beside` is a second pane
 * that always looks at the same place, with rasters of its own and the same fields.
 */
export function createWorkspaceMap(
  target: HTMLElement,
  beside: () => HTMLElement | undefined,
  handlers: MapHandlers,
) {
  const regions = new VectorSource<ArealFeature>();
  const regionSync = createFeatureSync<Shape>(regions);
  let selectedRegion: string | null = null;
  let tool: Tool = 'identify';
  let drawTarget: 'field' | 'region' = 'field';
  let swipe: number | null = null;
  /** Screen pixels at the right that a card lies on. */
  let covered = 0;
  let projection = createProjection('pixels');

  const regionLayer = new VectorLayer({
    source: regions,
    style: (feature) => regionStyle(feature.getId() === selectedRegion),
    zIndex: 100,
  });
  const markers = createMarkerLayer();
  const proposal = new VectorSource<ArealFeature>();
  const map = new OlMap({
    target,
    controls: [],
    // Dragging with Shift selects while editing; a box of zooming is drawn nowhere else in this trade.
    interactions: defaultInteractions({ shiftDragZoom: false }).extend([
      // The middle button moves the map, whatever tool is in hand.
      new DragPan({ condition: ({ originalEvent: e }) => e instanceof PointerEvent && e.button === 1 }),
    ]),
    layers: [
      regionLayer,
      markers.layer,
      new VectorLayer({ source: proposal, style: sketchStyle, zIndex: 150 }),
    ],
    view: new View({ projection, center: [0, 0], resolution: 1 }),
  });
  const side = new OlMap({ controls: [], view: map.getView() });
  const fields = createFieldLayers([map, side]);
  const baseMap = createBaseMap([map, side]);
  const rasters = createRasterStack(map, () => swipe);
  const sideRasters = createRasterStack(side, () => null);
  const targetSource = () => (drawTarget === 'field' ? fields.source : regions);
  const gestures = createGestures(map, targetSource, {
    ...handlers,
    modified: (id, geometry) => handlers.modified(drawTarget, id, geometry),
  });

  map.on('moveend', () => {
    const view = map.getView();
    const [resolution, size] = [view.getResolution(), map.getSize()];
    if (resolution && size)
      handlers.moved({ resolution, extent: view.calculateExtent(size) as unknown as Extent });
  });
  for (const pane of [map, side]) {
    pane.on('pointermove', (event) => {
      const [x = 0, y = 0] = event.coordinate;
      handlers.pointer([x, y]);
      if (!event.dragging && pane === map) hover([x, y]);
    });
    pane.on('singleclick', (event) => {
      const marker = pane === map ? markers.at(map, event.pixel) : null;
      if (marker !== null) return handlers.marked(marker);
      if (gestures.isDrawing()) return;
      const [x = 0, y = 0] = event.coordinate;
      const hits = { field: smallestAt(fields.source, [x, y]), region: smallestAt(regions, [x, y]) };
      handlers.clicked([x, y], hits, event.originalEvent.shiftKey || event.originalEvent.ctrlKey);
    });
  }
  const leave = () => {
    handlers.pointer(null);
    hover(null);
  };
  target.addEventListener('pointerleave', leave);

  function hover(at: [number, number] | null) {
    const pickable = tool === 'paint' || tool === 'edit';
    const next = at && pickable && drawTarget === 'field' ? smallestAt(fields.source, at) : null;
    const brushing = tool === 'brush' || tool === 'eraser';
    const crosshair = gestures.isDrawing() || tool === 'identify' || tool === 'wand' || tool === 'point';
    target.style.cursor = brushing ? 'none' : crosshair ? 'crosshair' : next ? 'pointer' : '';
    fields.hover(next);
  }

  function editSelected() {
    const region = selectedRegion ? regions.getFeatureById(selectedRegion) : null;
    gestures.edit(drawTarget === 'field' ? fields.selectedFeatures() : region ? [region] : []);
  }

  return {
    setUnits(units: Units) {
      projection = createProjection(units);
      const view = new View({ projection, center: [0, 0], resolution: 1 });
      map.setView(view);
      side.setView(view);
    },
    setRasters: (entries: readonly RasterEntry[]) => rasters.set(entries, projection),
    /** What the second pane shows; null closes it. */
    setBeside(entries: readonly RasterEntry[] | null) {
      side.setTarget(entries ? beside() : undefined);
      sideRasters.set(entries ?? [], projection);
      map.updateSize();
    },
    setBaseMap: baseMap.set,
    setCovered(pixels: number) {
      covered = pixels;
    },
    setFilled: fields.fill,
    setMarkers: (list: readonly Marker[], current: string | null) => markers.set(list, current),
    setSwipe(share: number | null) {
      swipe = share;
      map.render();
    },
    setFields(...[list, selected, look]: Parameters<typeof fields.set>) {
      fields.set(list, selected, look);
      gestures.shapesChanged();
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
    setTool(next: Tool, kind: 'field' | 'region') {
      tool = next;
      drawTarget = kind;
      gestures.use(next);
      editSelected();
      hover(null);
    },
    setBrushRadius: gestures.setBrushRadius,
    setSnapping: gestures.setSnapping,
    /** A shape that may become a field. */
    setProposal(geometry: Areal | null) {
      proposal.clear();
      if (geometry) proposal.addFeature(new Feature(toGeometry(geometry)));
    },
    fit(extent: Extent | Areal, animated = true) {
      const geometry = Array.isArray(extent) ? null : toGeometry(extent as Areal);
      map.getView().fit(geometry ?? [...(extent as Extent)], {
        padding: [24, 24 + covered, 24, 24],
        duration: animated && !matchMedia('(prefers-reduced-motion: reduce)').matches ? 220 : 0,
        size: map.getSize() ?? [800, 600],
      });
    },
    /** Whether any part of an extent is in view. */
    sees(extent: Extent): boolean {
      const [minX = 0, minY = 0, maxX = 0, maxY = 0] = map.getView().calculateExtent(map.getSize());
      return extent[0] < maxX && extent[2] > minX && extent[1] < maxY && extent[3] > minY;
    },
    fieldsInView: () => idsIn(fields.source, map.getView().calculateExtent(map.getSize())),
    centre: (at: readonly [number, number]) => map.getView().setCenter([...at]),
    zoomBy(steps: number) {
      const view = map.getView();
      view.animate({ zoom: (view.getZoom() ?? 0) + steps, duration: 140 });
    },
    removeLastPoint: gestures.removeLastPoint,
    abort: gestures.abort,
    finish: gestures.finish,
    resized() {
      map.updateSize();
      side.updateSize();
    },
    /** Calls back once when everything in view has been drawn. */
    whenDrawn: (done: () => void) => {
      const key = map.once('rendercomplete', done);
      return () => unByKey(key);
    },
    dispose() {
      target.removeEventListener('pointerleave', leave);
      for (const pane of [map, side]) {
        pane.setTarget(undefined);
        pane.dispose();
      }
    },
  };
}
export type WorkspaceMap = ReturnType<typeof createWorkspaceMap>;
