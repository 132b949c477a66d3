import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import Text from 'ol/style/Text.js';

const cache = new Map<string, Style[]>();

/** A disc with a number. The current one is ringed; one that was given a class bears its colour. */
export function markerStyle(text: string, color: string | null, current: boolean): Style[] {
  const key = `${text}|${color}|${current}`;
  const known = cache.get(key);
  if (known) return known;
  const radius = current ? 11 : 9;
  const styles = [
    ...(current
      ? [
          new Style({
            image: new CircleStyle({
              radius: radius + 5,
              stroke: new Stroke({ color: '#ffd27a', width: 2.5 }),
            }),
          }),
        ]
      : []),
    new Style({
      image: new CircleStyle({
        radius,
        fill: new Fill({ color: color ?? '#12281f' }),
        stroke: new Stroke({ color: '#ffffff', width: 2 }),
      }),
      text: new Text({
        text,
        font: '600 10px system-ui, sans-serif',
        fill: new Fill({ color: '#ffffff' }),
        stroke: new Stroke({ color: 'rgba(10,20,15,0.75)', width: 2.5 }),
      }),
      zIndex: current ? 2 : 1,
    }),
  ];
  cache.set(key, styles);
  return styles;
}
