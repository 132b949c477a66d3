import { layers, map, regions, scenes } from './en/imagery.ts';
import { labels } from './en/labelling.ts';
import { assess, maps, pretrain, train } from './en/learning.ts';
import { browser, palette, shell, shortcuts, start, tour } from './en/shell.ts';

/** Every sentence of the window, by domain. A second language is a second object of this type. */
export const t = {
  shell,
  start,
  browser,
  palette,
  tour,
  shortcuts,
  scenes,
  layers,
  map,
  regions,
  pretrain,
  labels,
  train,
  maps,
  assess,
} as const;
