import type { Field } from '../../../electron/contract/labels.ts';
import type { Project } from '../../../electron/contract/project.ts';
import type { Run } from '../../../electron/contract/run.ts';
import type { BandSummary, Scene } from '../../../electron/contract/scene.ts';

export const project: Project = {
  path: '/tmp/p.swath',
  name: 'p',
  writable: true,
  notice: null,
  crs: null,
  extent: [0, -736, 512, 0],
  created: '2026-01-01T00:00:00Z',
};

export function band(index: number, values: Partial<BandSummary> = {}): BandSummary {
  return {
    index,
    min: 0,
    max: 100,
    mean: 50,
    std: 10,
    median: 50,
    p2: 20,
    p98: 80,
    valid: 1000,
    histogram: { min: 0, max: 100, counts: [1, 2, 3, 4] },
    ...values,
  };
}

export function scene(id: string, values: Partial<Scene> = {}): Scene {
  return {
    id,
    name: id,
    files: [],
    date: null,
    sensor: null,
    width: 512,
    height: 736,
    bands: [1, 2, 3].map((index) => ({
      index,
      name: `B${index}`,
      dtype: 'float32',
      nodata: null,
      role: null,
      wavelengthNm: null,
    })),
    crs: null,
    geotransform: null,
    extent: [0, -736, 512, 0],
    resolution: [1, 1],
    statistics: null,
    composites: [],
    added: '2026-01-01T00:00:00Z',
    ...values,
  };
}

export function field(id: string, values: Partial<Field> = {}): Field {
  return {
    id,
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
    classCode: null,
    role: 'train',
    confidence: null,
    scene: null,
    source: null,
    note: null,
    created: '2026-01-01T00:00:00Z',
    ...values,
  };
}

export function run(id: string, values: Partial<Run> = {}): Run {
  return {
    id,
    kind: 'pretrain',
    state: 'running',
    method: 'vicreg',
    params: {},
    result: null,
    reason: null,
    error: null,
    device: null,
    seed: 0,
    note: null,
    created: '2026-01-01T00:00:00Z',
    started: null,
    ended: null,
    ...values,
  };
}
