/**
 * Colours for classes that came without any. Tol's "muted" and "bright" qualitative schemes (Paul Tol, "Colour schemes",
 * SRON/EPS/TN/09-002, 2021), which stay apart under the common kinds of colour blindness; from the 17th class on, hues
 * are spaced by the golden angle in two lightnesses.
 */
const muted = [
  '#332288',
  '#88ccee',
  '#44aa99',
  '#117733',
  '#999933',
  '#ddcc77',
  '#cc6677',
  '#882255',
  '#aa4499',
];
const bright = ['#4477aa', '#66ccee', '#228833', '#ccbb44', '#ee6677', '#aa3377', '#bbbbbb'];
const tol = [...muted, ...bright];

/** The next colour that is not in use; `taken` are colours as #rrggbb. */
export function nextColor(taken: Iterable<string>): string {
  const used = new Set([...taken].map((color) => color.toLowerCase()));
  for (const color of tol) if (!used.has(color)) return color;
  for (let i = 0; ; i++) {
    const color = hsl((i * 137.508) % 360, 0.55, i % 2 === 0 ? 0.42 : 0.62);
    if (!used.has(color)) return color;
  }
}

function hsl(hue: number, saturation: number, lightness: number): string {
  const a = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
