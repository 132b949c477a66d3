import { AppError } from '../base/errors.ts';
import type { Areal } from '../contract/geometry.ts';
import { union } from './overlay.ts';
import type { Position, Ring } from './types.ts';

/** Sides of a full circle: a corner is off by less than one percent of the radius. */
const sides = 24;

/** What a round brush of the radius paints along the line; a line of one position is a dot. Errors: `bad-input`. */
export function strokeArea(line: readonly Position[], radius: number): Areal {
  const [first] = line;
  const pieces = line.length > 1 ? line.slice(1).map((to, i) => capsule(line[i] ?? to, to, radius)) : [];
  const painted = unionOfMany(pieces.length > 0 || !first ? pieces : [capsule(first, first, radius)]);
  if (painted) return painted;
  throw new AppError('bad-input', 'The stroke paints nothing', { remedy: 'Draw it with a larger brush.' });
}

/** In halves, so that what lies inside is gone before the rest is joined. */
function unionOfMany(shapes: readonly Areal[]): Areal | null {
  if (shapes.length <= 4) return shapes.length > 0 ? union(shapes) : null;
  const middle = shapes.length >> 1;
  const halves = [unionOfMany(shapes.slice(0, middle)), unionOfMany(shapes.slice(middle))];
  return union(halves.filter((half) => half !== null));
}

/** All places nearer to the way from one position to the other than the radius. */
function capsule([ax = 0, ay = 0]: Position, [bx = 0, by = 0]: Position, radius: number): Areal {
  const heading = Math.atan2(by - ay, bx - ax);
  const ring: Ring = [];
  for (let i = 0; i <= sides + 1; i += 1) {
    const round = i <= sides / 2 ? 0 : 1;
    const angle = heading - Math.PI / 2 + ((i - round) * 2 * Math.PI) / sides;
    const [x, y] = round === 0 ? [bx, by] : [ax, ay];
    ring.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
  }
  ring.push([...(ring[0] ?? [])]);
  return { type: 'Polygon', coordinates: [ring] };
}
