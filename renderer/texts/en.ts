import { curve, explore, exporting, next, sample } from './en/guiding.ts';
import { layers, map, regions, scenes } from './en/imagery.ts';
import { labels } from './en/labelling.ts';
import { assess, maps, pretrain, train } from './en/learning.ts';
import { settings } from './en/settings.ts';
import { browser, palette, shell, shortcuts, start, tour } from './en/shell.ts';

/** Every sentence of the window in English, by domain: the language that the others are translated from. */
export const en = {
  shell,
  start,
  browser,
  palette,
  tour,
  shortcuts,
  settings,
  scenes,
  layers,
  map,
  regions,
  pretrain,
  labels,
  train,
  maps,
  assess,
  explore,
  next,
  sample,
  curve,
  exporting,
} as const;
