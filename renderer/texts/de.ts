import { deCurve, deExplore, deExporting, deNext, deSample } from './de/guiding.ts';
import { deLayers, deMap, deRegions, deScenes } from './de/imagery.ts';
import { deLabels } from './de/labelling.ts';
import { deAssess, deMaps, dePretrain, deTrain } from './de/learning.ts';
import { deSettings } from './de/settings.ts';
import { deBrowser, dePalette, deShell, deShortcuts, deStart, deTour } from './de/shell.ts';
import type { en } from './en.ts';
import type { Translation } from './translation.ts';

/** The window in German. What is missing here is shown in English. */
export const de: Translation<typeof en> = {
  shell: deShell,
  start: deStart,
  browser: deBrowser,
  palette: dePalette,
  tour: deTour,
  shortcuts: deShortcuts,
  settings: deSettings,
  scenes: deScenes,
  layers: deLayers,
  map: deMap,
  regions: deRegions,
  pretrain: dePretrain,
  labels: deLabels,
  train: deTrain,
  maps: deMaps,
  assess: deAssess,
  explore: deExplore,
  next: deNext,
  sample: deSample,
  curve: deCurve,
  exporting: deExporting,
};
