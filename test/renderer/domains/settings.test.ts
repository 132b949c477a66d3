import { expect, test } from 'vitest';
import { pretrainSettings } from '../../../electron/contract/catalog/settings.ts';
import { parseCall } from '../../../electron/contract/parse.ts';
import {
  type PretrainChoice,
  toPretrainCall,
  withValue,
} from '../../../renderer/domains/pretrain/settings.ts';

const choice: PretrainChoice = {
  method: 'vicreg',
  encoder: 'dense',
  regions: ['r'],
  scenes: [],
  seed: 3,
  device: 'auto',
  set: {},
};

test('an untouched form sends no defaults of its own', () => {
  expect(toPretrainCall(choice)).toEqual({
    method: 'vicreg',
    encoder: 'dense',
    regions: ['r'],
    scenes: [],
    seed: 3,
    device: 'auto',
    set: {},
  });
});

test('named parameters travel by name, all others in set, and the wall and the catalogue take them', () => {
  const set = {
    epochs: 2,
    batch: 64,
    tile: 24,
    tilesPerEpoch: 128,
    covarianceWeight: 2,
    'noise.probability': 0.5,
  };
  const call = toPretrainCall({ ...choice, set });
  expect(call).toMatchObject({ epochs: 2, batch: 64, tile: 24 });
  expect(Object.keys(call.set ?? {}).sort()).toEqual([
    'covarianceWeight',
    'noise.probability',
    'tilesPerEpoch',
  ]);
  expect(() => parseCall('runs.pretrain', call)).not.toThrow();
  const given = call.set ?? {};
  expect(() =>
    pretrainSettings({ method: 'vicreg', encoder: 'dense', data: 'optical' }, given),
  ).not.toThrow();
});

test('a setting of another method is not sent along', () => {
  const call = toPretrainCall({
    ...choice,
    method: 'simsiam',
    set: { covarianceWeight: 2, predictorWidth: 64 },
  });
  expect(call.set).toEqual({ predictorWidth: 64 });
});

test('a value set back to its default is forgotten', () => {
  const parameter = {
    id: 'x',
    label: 'X',
    help: '',
    kind: 'integer',
    default: 5,
    min: 0,
    max: 9,
    step: 1,
    unit: '',
  } as const;
  expect(withValue({}, parameter, 6)).toEqual({ x: 6 });
  expect(withValue({ x: 6 }, parameter, 5)).toEqual({});
  expect(withValue({ x: 6 }, parameter, null)).toEqual({});
});
