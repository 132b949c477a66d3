import type { Command } from './command.ts';
import { assess } from './commands/assess.ts';
import { bench } from './commands/bench.ts';
import { check } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { devices } from './commands/devices.ts';
import { embed } from './commands/embed.ts';
import { encoderAdd } from './commands/encoder.ts';
import { exportCommand } from './commands/export.ts';
import { labelsImport, labelsPreview } from './commands/labels.ts';
import { learnCurve } from './commands/learnCurve.ts';
import { map } from './commands/map.ts';
import { newProject } from './commands/new.ts';
import { pretrain } from './commands/pretrain.ts';
import { regionAdd } from './commands/region.ts';
import { runs } from './commands/runs.ts';
import { sample } from './commands/sample.ts';
import { sceneAdd, sceneInfo } from './commands/scene.ts';
import { sceneRelink } from './commands/sceneRelink.ts';
import { serve } from './commands/serve.ts';
import { suggest } from './commands/suggest.ts';
import { train } from './commands/train.ts';

/** In the order of the job. */
export const commands: readonly Command[] = [
  newProject,
  sceneAdd,
  sceneInfo,
  sceneRelink,
  regionAdd,
  labelsPreview,
  labelsImport,
  pretrain,
  embed,
  train,
  map,
  suggest,
  sample,
  assess,
  learnCurve,
  exportCommand,
  encoderAdd,
  runs,
  check,
  devices,
  bench,
  serve,
  demoCommand,
];
