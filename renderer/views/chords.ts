/** From a key press to the chord that the table of keys knows it by, and from a chord to what is painted on the keys. */

/** What of a key press matters here. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  getModifierState(key: 'AltGraph'): boolean;
}

const modifiers = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'Dead', 'Process', 'Unidentified']);

/**
 * The chord of a press; null while only modifiers are down. A sign is what the layout writes, so its Shift, and an AltGr
 * that it needs, are not said; with Alt held, letters and digits are those of the key, whatever a Mac writes with it.
 */
export function chordOf(press: Press): string | null {
  if (modifiers.has(press.key)) return null;
  const altGr = press.getModifierState('AltGraph');
  const mod = (press.ctrlKey || press.metaKey) && !altGr;
  const alt = press.altKey && !altGr;
  const physical = /^(?:Key|Digit)(.)$/.exec(press.code)?.[1];
  const sign = alt && physical ? physical : press.key === ' ' ? 'Space' : press.key;
  const letter = sign.length === 1 && sign.toLowerCase() !== sign.toUpperCase();
  const shift = press.shiftKey && (letter || sign.length > 1);
  return `${mod ? 'Mod+' : ''}${alt ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${letter ? sign.toUpperCase() : sign}`;
}

/** The keys of a chord, one by one, under the names that `names` gives them. */
export function keyCaps(chord: string, names: Readonly<Record<string, string>>, mac: boolean): string[] {
  const parts = chord.length === 1 ? [chord] : chord.split(/\+(?=.)/);
  const onMac: Readonly<Record<string, string>> = mac ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : {};
  return parts.map((part) => onMac[part] ?? names[part] ?? part);
}
