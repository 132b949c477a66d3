/** What the quality rasters of satellite products say about a pixel: which values mean that the ground is not seen. */

export const maskIds = ['scl', 'qa-pixel', 'udm2', 'cloud', 'clear'] as const;
export type MaskId = (typeof maskIds)[number];

export interface MaskCard {
  readonly id: MaskId;
  readonly label: string;
  /** File names that give it away. */
  readonly recognise: RegExp | null;
  readonly hidden: (value: number) => boolean;
}

/** Scene classification of Sentinel-2 L2A: nothing, saturated, cloud shadow, cloud (medium, high), thin cirrus. */
const hiddenScl = new Set([0, 1, 3, 8, 9, 10]);

/** Bits of Landsat Collection 2 QA_PIXEL: fill, dilated cloud, cirrus, cloud, cloud shadow. */
const hiddenQa = 0b11111;

export const maskCards: Readonly<Record<MaskId, MaskCard>> = {
  scl: {
    id: 'scl',
    label: 'Sentinel-2 scene classification (SCL)',
    recognise: /(^|[_.-])SCL([_.-]|$)/i,
    hidden: (value) => hiddenScl.has(value),
  },
  'qa-pixel': {
    id: 'qa-pixel',
    label: 'Landsat QA_PIXEL',
    recognise: /(^|[_.-])QA_PIXEL([_.-]|$)/i,
    hidden: (value) => (value & hiddenQa) !== 0,
  },
  udm2: {
    id: 'udm2',
    label: 'Planet UDM2 (first band: clear)',
    recognise: /(^|[_.-])UDM2([_.-]|$)/i,
    hidden: (value) => value !== 1,
  },
  cloud: {
    id: 'cloud',
    label: 'Cloud mask (not 0: hidden)',
    recognise: null,
    hidden: (value) => value !== 0,
  },
  clear: {
    id: 'clear',
    label: 'Clear mask (0: hidden)',
    recognise: null,
    hidden: (value) => value === 0,
  },
};

/** The kind of mask that a file's name tells; null for a file of pixels. */
export function recogniseMask(fileName: string): MaskId | null {
  return maskIds.find((id) => maskCards[id].recognise?.test(fileName)) ?? null;
}
