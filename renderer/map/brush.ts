import { mouseActionButton } from 'ol/events/condition.js';
import Feature from 'ol/Feature.js';
import LineString from 'ol/geom/LineString.js';
import Point from 'ol/geom/Point.js';
import type Interaction from 'ol/interaction/Interaction.js';
import PointerInteraction from 'ol/interaction/Pointer.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import type MapBrowserEvent from 'ol/MapBrowserEvent.js';
import VectorSource from 'ol/source/Vector.js';
import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';

/** Where the brush went, and its radius, both in map units. */
export interface BrushStroke {
  readonly line: readonly (readonly [number, number])[];
  readonly radius: number;
}

/**
 * A round brush: paints while the button is held, shows its size around the pointer. The line is thinned to a fifth of
 * the radius before it is handed over; nobody can tell the difference.
 */
export function createBrush(map: OlMap, radiusPixels: () => number, done: (stroke: BrushStroke) => void) {
  const painted = new Feature<LineString>();
  const cursor = new Feature<Point>();
  let erasing = false;
  const color = (alpha: number) => (erasing ? `rgba(220,60,50,${alpha})` : `rgba(227,168,63,${alpha})`);
  const layer = new VectorLayer({
    source: new VectorSource<Feature>({ features: [painted, cursor] }),
    zIndex: 200,
    updateWhileInteracting: true,
    style: (feature) =>
      feature === cursor
        ? new Style({
            image: new CircleStyle({
              radius: radiusPixels(),
              stroke: new Stroke({ color: color(1), width: 1.5 }),
              fill: new Fill({ color: color(0.12) }),
            }),
          })
        : new Style({
            stroke: new Stroke({
              color: color(0.45),
              width: 2 * radiusPixels(),
              lineCap: 'round',
              lineJoin: 'round',
            }),
          }),
  });

  const follow = (event: MapBrowserEvent) => cursor.setGeometry(new Point(event.coordinate));
  const interaction: Interaction = new PointerInteraction({
    handleDownEvent(event) {
      if (!mouseActionButton(event) || event.originalEvent.altKey) return false;
      // A line needs two positions to be drawn at all; a dot stays one when it is handed over.
      painted.setGeometry(new LineString([event.coordinate, event.coordinate]));
      return true;
    },
    handleDragEvent(event) {
      painted.getGeometry()?.appendCoordinate(event.coordinate);
      follow(event);
    },
    handleUpEvent() {
      const geometry = painted.getGeometry();
      painted.setGeometry(undefined);
      if (!geometry) return false;
      const radius = radiusPixels() * (map.getView().getResolution() ?? 1);
      const thin = geometry.simplify(radius / 5) as LineString;
      const line = thin.getCoordinates() as [number, number][];
      const [first, second] = line;
      const still = line.length === 2 && first?.[0] === second?.[0] && first?.[1] === second?.[1];
      done({ line: still ? line.slice(0, 1) : line, radius });
      return false;
    },
    handleMoveEvent: follow,
  });

  return {
    interaction,
    show(on: boolean, erase: boolean) {
      erasing = erase;
      map.removeLayer(layer);
      cursor.setGeometry(undefined);
      painted.setGeometry(undefined);
      if (on) map.addLayer(layer);
    },
    resized: () => cursor.changed(),
  };
}
