import Feature from 'ol/Feature.js';
import MultiLineString from 'ol/geom/MultiLineString.js';
import VectorLayer from 'ol/layer/Vector.js';
import type OlMap from 'ol/Map.js';
import VectorSource from 'ol/source/Vector.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import { toMapOf } from '../state/lonLat.ts';

/** Coastlines and borders, each a line of hundredths of a degree: its first longitude and latitude, then steps. */
export type WorldLines = readonly (readonly number[])[];

/** Degrees around the project that are drawn: a projection is of no use far from its place. */
const reach = 25;

/** Coastlines and borders under everything, in the coordinates of the project. */
export function createBaseMap(maps: readonly OlMap[]) {
  const source = new VectorSource<Feature<MultiLineString>>();
  const style = new Style({ stroke: new Stroke({ color: '#7d8b80', width: 1 }) });
  for (const map of maps) map.addLayer(new VectorLayer({ source, style, zIndex: -1 }));
  return {
    /** Nothing is drawn without lines, or where the coordinates are not known. */
    set(lines: WorldLines | null, around: { definition: string; lon: number; lat: number } | null) {
      source.clear();
      if (!lines || !around) return;
      const toMap = toMapOf(around.definition);
      const parts = lines.flatMap((line) => partsNear(line, around)).map((part) => part.map(toMap));
      const finite = parts.filter((part) => part.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y)));
      source.addFeature(new Feature(new MultiLineString(finite)));
    },
  };
}

/** The stretches of a line that lie around a place. */
function partsNear(
  line: readonly number[],
  { lon, lat }: { lon: number; lat: number },
): [number, number][][] {
  const parts: [number, number][][] = [];
  let part: [number, number][] = [];
  let [hundredthsX, hundredthsY] = [0, 0];
  for (let i = 0; i + 1 < line.length; i += 2) {
    hundredthsX += line[i] ?? 0;
    hundredthsY += line[i + 1] ?? 0;
    const [x, y] = [hundredthsX / 100, hundredthsY / 100];
    if (Math.abs(x - lon) < reach && Math.abs(y - lat) < reach) part.push([x, y]);
    else if (part.length > 0) {
      parts.push(part);
      part = [];
    }
  }
  parts.push(part);
  return parts.filter((found) => found.length > 1);
}
