import CircleStyle from 'ol/style/Circle.js';
import Fill from 'ol/style/Fill.js';
import Stroke from 'ol/style/Stroke.js';
import Style from 'ol/style/Style.js';
import type { Role } from '../../electron/contract/labels.ts';

/** What of a field decides how it is drawn. */
export interface FieldLook {
  readonly color: string | null;
  readonly role: Role;
  readonly selected: boolean;
  readonly hovered: boolean;
  /** Filled with the colour of the class while labelling; an outline elsewhere, so that what lies beneath is seen. */
  readonly filled: boolean;
}

/** Roles differ by the dash of the outline, because colour already says the class. */
const dashes: Readonly<Record<Role, number[] | undefined>> = {
  train: undefined,
  validation: [7, 4],
  accuracy: [2, 4],
};

const cache = new Map<string, Style[]>();

/** Styles are shared: thousands of fields need a few dozen of them. */
export function fieldStyle(look: FieldLook): Style[] {
  const key = `${look.color}|${look.role}|${look.selected}|${look.hovered}|${look.filled}`;
  const known = cache.get(key);
  if (known) return known;
  const styles = buildFieldStyle(look);
  cache.set(key, styles);
  return styles;
}

function buildFieldStyle({ color, role, selected, hovered, filled }: FieldLook): Style[] {
  const strength = selected || hovered ? 0.6 : filled ? 0.42 : 0;
  const dash = dashes[role];
  const halo = new Style({
    fill: new Fill({
      color: color ? withAlpha(color, strength) : `rgba(255,255,255,${hovered ? 0.22 : filled ? 0.06 : 0})`,
    }),
    stroke: new Stroke({
      color: selected ? 'rgba(20,30,24,0.9)' : 'rgba(10,20,15,0.55)',
      width: selected ? 5 : 3,
    }),
  });
  const line = new Style({
    stroke: new Stroke({
      color: selected ? '#ffd27a' : (color ?? 'rgba(255,255,255,0.9)'),
      width: selected ? 2.5 : hovered ? 2.2 : 1.5,
      ...(dash ? { lineDash: dash } : {}),
    }),
    zIndex: selected ? 2 : 1,
  });
  return [halo, line];
}

/** A region is a frame: what lies in it must stay visible. */
export function regionStyle(selected: boolean): Style[] {
  return [
    new Style({
      fill: new Fill({ color: selected ? 'rgba(227,168,63,0.12)' : 'rgba(227,168,63,0.04)' }),
      stroke: new Stroke({ color: 'rgba(10,20,15,0.65)', width: selected ? 5 : 3.5 }),
    }),
    new Style({
      stroke: new Stroke({ color: '#e3a83f', width: selected ? 2.5 : 1.75, lineDash: [8, 5] }),
    }),
  ];
}

/** What is being drawn, or proposed. */
export const sketchStyle = [
  new Style({ stroke: new Stroke({ color: 'rgba(10,20,15,0.7)', width: 4 }) }),
  new Style({
    fill: new Fill({ color: 'rgba(227,168,63,0.18)' }),
    stroke: new Stroke({ color: '#e3a83f', width: 2 }),
    image: new CircleStyle({
      radius: 5,
      fill: new Fill({ color: '#e3a83f' }),
      stroke: new Stroke({ color: '#12281f', width: 1.5 }),
    }),
  }),
];

export function withAlpha(hex: string, alpha: number): string {
  const value = Number.parseInt(hex.slice(1), 16);
  return `rgba(${value >> 16},${(value >> 8) & 255},${value & 255},${alpha})`;
}
