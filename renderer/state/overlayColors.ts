/** Colours of layers that are not of classes; shared by the map and its legend. */

/** "Unlike anything labelled". */
export const markColor = '#ff2fd0';

/** Groups that have no name yet: far apart from each other, and from the greens and browns of land. */
export const groupColors: readonly string[] = Array.from({ length: 32 }, (_, i) => {
  // Steps of the golden angle keep any two neighbours in the list apart.
  const hue = (i * 137.508) % 360;
  const lightness = 0.62 - 0.14 * (Math.floor(i / 8) % 3);
  return hslToHex(hue, i % 2 === 0 ? 0.62 : 0.42, lightness);
});

function hslToHex(hue: number, saturation: number, lightness: number): string {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (n: number) => {
    const k = (n + hue / 30) % 12;
    const value = lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}
