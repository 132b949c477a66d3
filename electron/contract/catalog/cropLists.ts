/** Lists of classes with their codes and colours, to start a project from. */
import type { ClassDef } from '../labels.ts';

export interface ClassList {
  readonly id: string;
  readonly name: string;
  /** Whose codes and colours these are. */
  readonly source: string;
  readonly classes: readonly Pick<ClassDef, 'code' | 'name' | 'color'>[];
}

const list = (rows: string): ClassList['classes'] =>
  rows
    .trim()
    .split('\n')
    .map((row) => {
      const [, code = '', color = '', name = ''] = /^\s*(\d+) (#[0-9a-f]{6}) (.+)$/.exec(row) ?? [];
      return { code: Number(code), color, name };
    });

export const classLists: readonly ClassList[] = [
  {
    id: 'worldcover',
    name: 'Land cover (ESA WorldCover)',
    source: 'ESA WorldCover 2021 v200, product user manual, table 2',
    classes: list(`
      10 #006400 Tree cover
      20 #ffbb22 Shrubland
      30 #ffff4c Grassland
      40 #f096ff Cropland
      50 #fa0000 Built-up
      60 #b4b4b4 Bare or sparse vegetation
      70 #f0f0f0 Snow and ice
      80 #0064c8 Permanent water
      90 #0096a0 Herbaceous wetland
      95 #00cf75 Mangroves
      100 #fae6a0 Moss and lichen`),
  },
  {
    id: 'cdl',
    name: 'Crops (USDA Cropland Data Layer)',
    source: 'USDA NASS Cropland Data Layer, public domain',
    classes: list(`
      1 #ffd300 Maize
      2 #ff2626 Cotton
      3 #00a8e4 Rice
      4 #ff9e0a Sorghum
      5 #267000 Soybeans
      6 #ffff00 Sunflower
      10 #70a500 Peanuts
      21 #e2007c Barley
      22 #896054 Durum wheat
      23 #d8b56b Spring wheat
      24 #a57000 Winter wheat
      27 #ac007c Rye
      28 #a05989 Oats
      29 #700049 Millet
      31 #d1ff00 Canola
      32 #7c99ff Flaxseed
      36 #ffa5e2 Alfalfa
      37 #a5f28c Other hay
      41 #a800e2 Sugar beets
      42 #a50000 Dry beans
      43 #702600 Potatoes
      45 #af7cff Sugarcane
      53 #54ff00 Peas
      61 #bfbf77 Fallow
      69 #704489 Grapes
      111 #4970a3 Open water
      121 #999999 Developed
      131 #ccbfa3 Barren
      141 #93cc93 Deciduous forest
      142 #93cc93 Evergreen forest
      152 #c6d69e Shrubland
      176 #e8ffbf Grassland and pasture`),
  },
  {
    id: 'europe',
    name: 'Common crops of Europe',
    source: 'Numbered here; colours of Okabe and Ito, and of Tol',
    classes: list(`
      1 #e69f00 Winter wheat
      2 #f0e442 Winter barley
      3 #999933 Spring cereals
      4 #d55e00 Maize
      5 #ddcc77 Winter rapeseed
      6 #882255 Sugar beet
      7 #cc6677 Potatoes
      8 #332288 Sunflower
      9 #44aa99 Legumes
      10 #009e73 Grassland
      11 #117733 Forest and orchards
      12 #aa4499 Vegetables
      13 #56b4e9 Fallow
      14 #0072b2 Water
      15 #cc79a7 Built-up`),
  },
];
