import { describe, expect, it } from 'vitest';
import type { Field } from '../../electron/contract/labels.ts';
import type { Project } from '../../electron/contract/project.ts';
import { extentOf, pixelFields } from '../../electron/services/pixels.ts';
import { square } from '../support/labels.ts';
import { scene } from '../support/scene.ts';

const project = { crs: scene.crs } as Project;
const local = { crs: null } as Project;

function field(x: number, y: number, facts: Partial<Field> = {}): Field {
  return {
    id: 'f1',
    geometry: square(x, y, 20),
    classCode: 4,
    role: 'train',
    confidence: null,
    scene: null,
    source: null,
    note: null,
    created: '',
    ...facts,
  };
}

describe('pixelFields', () => {
  it('brings map coordinates to columns and rows', () => {
    const [found] = pixelFields(project, [field(400100, 5299900)], scene);
    // 10 m pixels: 100 m to the right of the corner, 80 to 100 m below it.
    expect(found?.polygons[0]?.[0]).toEqual([
      [10, 10],
      [12, 10],
      [12, 8],
      [10, 8],
      [10, 10],
    ]);
    expect(found).toMatchObject({ scene: 'inn', classCode: 4, role: 'train' });
  });

  it('reads y as minus the row where there is no CRS', () => {
    const own = { ...scene, crs: null, geotransform: null, extent: [0, -379, 578, 0] as const };
    const [found] = pixelFields(local, [field(5, -30, { scene: 'inn' })], own);
    expect(found?.polygons[0]?.[0]?.[0]).toEqual([5, 30]);
  });

  it('leaves out fields without a class, of another scene, and outside', () => {
    expect(pixelFields(project, [field(400100, 5299900, { classCode: null })], scene)).toEqual([]);
    expect(pixelFields(project, [field(0, 0)], scene)).toEqual([]);
    const own = { ...scene, crs: null, geotransform: null, extent: [0, -379, 578, 0] as const };
    expect(pixelFields(local, [field(5, -30, { scene: 'other' })], own)).toEqual([]);
  });
});

describe('extentOf', () => {
  it('is the outer edge of the pixels', () => {
    expect(extentOf([400000, 10, 0, 5300000, 0, -10], 578, 379)).toEqual([400000, 5296210, 405780, 5300000]);
    expect(extentOf([0, 1, 0, 0, 0, -1], 512, 736)).toEqual([0, -736, 512, 0]);
  });
});
