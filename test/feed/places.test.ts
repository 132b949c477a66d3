import { describe, expect, test } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import type { PixelPolygons } from '../../electron/contract/jobs.ts';
import { createPlaces } from '../../electron/feed/places.ts';
import { drawPixel, holdsPixel, polygonSpans, windowSpans } from '../../electron/feed/spans.ts';

/** A square with a hole, and a slanted triangle that overlaps neither. */
const shape: PixelPolygons = [
  [
    [
      [2.2, 3.1],
      [12.7, 3.1],
      [12.7, 13.4],
      [2.2, 13.4],
    ],
    [
      [5.3, 6.4],
      [5.3, 9.6],
      [8.7, 9.6],
      [8.7, 6.4],
    ],
  ],
  [
    [
      [20.3, 2.9],
      [36.1, 17.8],
      [17.4, 25.2],
    ],
  ],
];

/** An independent test of a point: the winding number by summed angles. */
function inside(x: number, y: number): boolean {
  return shape.some((polygon) => {
    const winding = polygon.map((ring) => {
      const turn = ring.reduce((sum, [ax, ay], i) => {
        const [bx, by] = ring[(i + 1) % ring.length] as readonly [number, number];
        const a = Math.atan2(ay - y, ax - x);
        const b = Math.atan2(by - y, bx - x);
        return sum + Math.atan2(Math.sin(b - a), Math.cos(b - a));
      }, 0);
      return Math.round(Math.abs(turn) / (2 * Math.PI));
    });
    return winding[0] === 1 && winding.slice(1).every((w) => w === 0);
  });
}

describe('spans', () => {
  const window = { col: 4, row: 2, width: 28, height: 20 };
  const spans = polygonSpans(shape, window);

  test('hold exactly the pixels whose centre is inside', () => {
    let pixels = 0;
    for (let row = 0; row < 30; row++) {
      for (let col = 0; col < 40; col++) {
        const within = col >= 4 && col < 32 && row >= 2 && row < 22;
        const expected = within && inside(col + 0.5, row + 0.5);
        expect(holdsPixel(spans, col, row), `${col}, ${row}`).toBe(expected);
        if (expected) pixels++;
      }
    }
    expect(spans.pixels).toBe(pixels);
  });

  test('every pixel is drawn equally often', () => {
    const prng = prngFrom('even');
    const draws = 200;
    const times = new Map<string, number>();
    for (let i = 0; i < draws * spans.pixels; i++) {
      const { col, row } = drawPixel(spans, prng);
      expect(holdsPixel(spans, col, row)).toBe(true);
      times.set(`${col},${row}`, (times.get(`${col},${row}`) ?? 0) + 1);
    }
    expect(times.size).toBe(spans.pixels);
    // χ² with n − 1 degrees of freedom has mean n and standard deviation √(2n).
    const chi = [...times.values()].reduce((sum, n) => sum + (n - draws) ** 2 / draws, 0);
    expect(Math.abs(chi - spans.pixels)).toBeLessThan(5 * Math.sqrt(2 * spans.pixels));
  });

  test('an empty window holds nothing', () => {
    expect(windowSpans({ col: 0, row: 0, width: -3, height: 5 }).pixels).toBe(0);
  });
});

describe('places', () => {
  const scene = (regions: readonly PixelPolygons[], width = 40, height = 30) => ({
    name: 's',
    width,
    height,
    regions,
  });
  const square = (x: number, y: number, side: number): PixelPolygons => [
    [
      [
        [x, y],
        [x + side, y],
        [x + side, y + side],
        [x, y + side],
      ],
    ],
  ];

  test('reach every square of a scene without regions, and follow from seed and number alone', () => {
    const places = createPlaces([scene([])], { side: 28, seed: 1 });
    const again = createPlaces([scene([])], { side: 28, seed: 1 });
    const seen = new Set<string>();
    for (let n = 0; n < 2000; n++) {
      const place = places.at(n, 0);
      expect(again.at(n, 0)).toEqual(place);
      expect(place.col >= 0 && place.row >= 0 && place.col + 28 <= 40 && place.row + 28 <= 30).toBe(true);
      seen.add(`${place.col},${place.row}`);
    }
    expect(seen.size).toBe(13 * 3);
    const other = createPlaces([scene([])], { side: 28, seed: 2 });
    const differ = Array.from({ length: 50 }, (_, n) => n).filter(
      (n) => JSON.stringify(other.at(n, 0)) !== JSON.stringify(places.at(n, 0)),
    );
    expect(differ.length).toBeGreaterThan(40);
    expect(places.at(3, 1)).not.toEqual(places.at(3, 0));
  });

  test('regions have equal shares whatever their size, and scenes without one are left out', () => {
    const large = square(100, 100, 300);
    const small = square(500, 20, 12);
    const scenes = [
      scene([large, small], 600, 600),
      scene([], 600, 600),
      scene([square(50, 50, 40)], 90, 90),
    ];
    const places = createPlaces(scenes, { side: 16, seed: 3 });
    const shares = { large: 0, small: 0, third: 0 };
    const draws = 6000;
    for (let n = 0; n < draws; n++) {
      const { scene: index, col, row } = places.at(n, 0);
      const [x, y] = [col + 8, row + 8];
      if (index === 0 && x >= 100 && x < 400 && y >= 100 && y < 400) shares.large++;
      else if (index === 0 && x >= 500 && x < 512 && y >= 20 && y < 32) shares.small++;
      else if (index === 2 && x >= 50 && x < 90 && y >= 50 && y < 90) shares.third++;
      else expect.fail(`place in no region: ${index} ${x} ${y}`);
    }
    for (const share of Object.values(shares)) expect(Math.abs(share / draws - 1 / 3)).toBeLessThan(0.03);
    expect(places.distinct(16)).toBe(Math.floor(300 ** 2 / 256) + 1 + Math.floor(40 ** 2 / 256));
  });

  test('a scene or regions too small for the tile are refused by name', () => {
    expect(() => createPlaces([scene([])], { side: 31, seed: 0 })).toThrow(/40 × 30 .* 31 × 31/);
    expect(() => createPlaces([scene([square(0, 0, 4)])], { side: 20, seed: 0 })).toThrow(/No tile of 20/);
  });

  test('a pool serves places from few windows at a time, which hold them and give way in turn', () => {
    const pool = { windows: 4, side: 64, life: 10 };
    const places = createPlaces([scene([square(200, 200, 400)], 1000, 1000)], { side: 16, seed: 5, pool });
    const all = Array.from({ length: 400 }, (_, n) => places.at(n, 0));
    for (const { col, row, window } of all) {
      if (!window) expect.fail('no window');
      expect(col >= window.col && col + 16 <= window.col + 64).toBe(true);
      expect(row >= window.row && row + 16 <= window.row + 64).toBe(true);
      expect(col + 8 >= 200 && col + 8 < 600 && row + 8 >= 200 && row + 8 < 600).toBe(true);
    }
    const windows = (from: number, to: number) =>
      new Set(all.slice(from, to).map((place) => `${place.window?.col},${place.window?.row}`));
    // 400 places at 10 a window: 40 windows and the few that are begun or not yet over.
    expect(windows(0, 400).size).toBeGreaterThan(35);
    expect(windows(0, 400).size).toBeLessThanOrEqual(44);
    expect(windows(100, 110).size).toBeLessThanOrEqual(5);
  });
});
