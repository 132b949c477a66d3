import Collection from 'ol/Collection.js';
import { altKeyOnly, noModifierKeys, shiftKeyOnly, singleClick } from 'ol/events/condition.js';
import type LineString from 'ol/geom/LineString.js';
import type Polygon from 'ol/geom/Polygon.js';
import DragBox from 'ol/interaction/DragBox.js';
import Draw, { createBox } from 'ol/interaction/Draw.js';
import type Interaction from 'ol/interaction/Interaction.js';
import Modify from 'ol/interaction/Modify.js';
import Snap from 'ol/interaction/Snap.js';
import type OlMap from 'ol/Map.js';
import type VectorSource from 'ol/source/Vector.js';
import type { Areal } from '../../electron/contract/geometry.ts';
import type { Measured, Tool } from '../state/window.svelte.ts';
import { type ArealFeature, toAreal } from './arealFeatures.ts';
import { type BrushStroke, createBrush } from './brush.ts';
import { measure } from './measure.ts';
import { idsIn } from './pick.ts';
import { sketchStyle } from './vectorStyles.ts';

/** With more shapes in view than this, corners are closer than a pointer can tell, and snapping would be slow. */
const snapLimit = 1500;

const snappingTools: readonly Tool[] = ['rectangle', 'polygon', 'freehand', 'edit'];

type Line = readonly (readonly [number, number])[];

export interface GestureHandlers {
  drawn(geometry: Areal): void;
  modified(id: string, geometry: Areal): void;
  measured(size: Measured): void;
  brushed(stroke: BrushStroke, erase: boolean): void;
  /** `met`: ids of the shapes around the line. */
  cut(line: Line, met: readonly string[]): void;
  boxed(ids: readonly string[]): void;
}

/** The interactions that a tool needs, put on the map while it is in hand. */
export function createGestures(
  map: OlMap,
  target: () => VectorSource<ArealFeature>,
  handlers: GestureHandlers,
) {
  const editable = new Collection<ArealFeature>();
  const near = new Collection<ArealFeature>();
  let active: Interaction[] = [];
  let draw: Draw | null = null;
  /** What is being drawn, from its first corner to its last. */
  let begun: ArealFeature | null = null;
  let line: Draw | null = null;
  let tool: Tool = 'identify';
  let snapping = true;
  let radius = 1;
  const brush = createBrush(
    map,
    () => radius,
    (stroke) => handlers.brushed(stroke, tool === 'eraser'),
  );

  function put(interactions: Interaction[]) {
    for (const old of active) map.removeInteraction(old);
    for (const added of interactions) map.addInteraction(added);
    active = interactions;
  }

  function findNear() {
    near.clear();
    const size = map.getSize();
    if (!snapping || !size || !snappingTools.includes(tool)) return;
    const found = target().getFeaturesInExtent(map.getView().calculateExtent(size));
    if (found.length <= snapLimit) near.extend(found);
  }
  map.on('moveend', findNear);

  function drawing(kind: 'rectangle' | 'polygon' | 'freehand'): Interaction[] {
    draw = new Draw({
      type: kind === 'rectangle' ? 'Circle' : 'Polygon',
      ...(kind === 'rectangle' ? { geometryFunction: createBox() } : {}),
      style: sketchStyle,
      stopClick: true,
      condition: noModifierKeys,
      ...(kind === 'freehand' ? { freehand: true } : { freehandCondition: altKeyOnly }),
    });
    draw.on('drawstart', ({ feature }) => {
      begun = feature as ArealFeature;
    });
    draw.on('drawabort', () => {
      begun = null;
    });
    draw.on('drawend', ({ feature }) => {
      begun = null;
      const geometry = (feature as ArealFeature).getGeometry();
      if (!geometry || geometry.getArea() === 0) return;
      const { resolution = 1 } = map.getView().getState();
      // A hand draws a corner per screen pixel; the field does not have as many.
      const shape = kind === 'freehand' ? (geometry.simplify(resolution * 1.5) as Polygon) : geometry;
      if (shape.getArea() > 0) handlers.drawn(toAreal(shape));
    });
    return [draw, new Snap({ features: near, pixelTolerance: 8 })];
  }

  function lining(): Draw {
    line = new Draw({ type: 'LineString', style: sketchStyle, stopClick: true, condition: noModifierKeys });
    draw = line;
    return line;
  }

  function measuring(): Interaction[] {
    const drawn = lining();
    drawn.on('drawstart', ({ feature }) => {
      const geometry = feature.getGeometry() as LineString;
      geometry.on('change', () => handlers.measured(measure(geometry, map.getView().getProjection())));
    });
    return [drawn];
  }

  function splitting(): Interaction[] {
    const drawn = lining();
    drawn.on('drawend', ({ feature }) => {
      const geometry = feature.getGeometry() as LineString;
      handlers.cut(geometry.getCoordinates() as [number, number][], idsIn(target(), geometry.getExtent()));
    });
    return [drawn];
  }

  function editing(): Interaction[] {
    const modify = new Modify({
      features: editable,
      style: sketchStyle,
      deleteCondition: (event) => altKeyOnly(event) && singleClick(event),
    });
    modify.on('modifyend', ({ features }) => {
      for (const feature of features.getArray() as ArealFeature[]) {
        const geometry = feature.getGeometry();
        if (geometry) handlers.modified(String(feature.getId()), toAreal(geometry));
      }
    });
    const box = new DragBox({ condition: shiftKeyOnly, minArea: 25 });
    box.on('boxend', () => handlers.boxed(idsIn(target(), box.getGeometry().getExtent())));
    return [modify, new Snap({ features: near, pixelTolerance: 8 }), box];
  }

  function interactions(): Interaction[] {
    switch (tool) {
      case 'rectangle':
      case 'polygon':
      case 'freehand':
        return drawing(tool);
      case 'measure':
        return measuring();
      case 'split':
        return splitting();
      case 'edit':
        return editing();
      case 'brush':
      case 'eraser':
        return [brush.interaction];
      default:
        return [];
    }
  }

  return {
    use(next: Tool) {
      tool = next;
      draw = null;
      begun = null;
      line = null;
      put(interactions());
      brush.show(tool === 'brush' || tool === 'eraser', tool === 'eraser');
      findNear();
    },
    setBrushRadius(pixels: number) {
      radius = pixels;
      brush.resized();
    },
    setSnapping(on: boolean) {
      snapping = on;
      findNear();
    },
    /** Other shapes than before are there to snap to. */
    shapesChanged: findNear,
    /** The features whose corners may be moved. */
    edit(features: readonly ArealFeature[]) {
      const same =
        features.length === editable.getLength() && features.every((f, i) => editable.item(i) === f);
      if (same) return;
      editable.clear();
      editable.extend([...features]);
    },
    removeLastPoint: () => draw?.removeLastPoint(),
    /** False when nothing had been begun. */
    abort(): boolean {
      const had = begun !== null;
      draw?.abortDrawing();
      return had;
    },
    /** Ends the polygon at its last corner, without a double click. False when there is nothing to end. */
    finish(): boolean {
      if (line) return line.finishDrawing() !== null;
      const ring = begun?.getGeometry()?.getCoordinates()[0];
      // The ring ends with the pointer and the first corner again; an area needs three corners before them.
      if (!ring || ring.length < 5) return begun !== null;
      draw?.finishDrawing();
      return true;
    },
    isDrawing: () => draw !== null || tool === 'brush' || tool === 'eraser',
  };
}
