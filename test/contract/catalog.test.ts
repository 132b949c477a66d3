import { describe, expect, it } from 'vitest';
import {
  adviseMethods,
  affordableBatch,
  fitQueue,
  type ProjectFacts,
} from '../../electron/contract/catalog/adviser.ts';
import {
  augmentationCards,
  augmentationIds,
  chooseAugmentations,
  standardAugmentations,
} from '../../electron/contract/catalog/augmentations.ts';
import { encoderCards } from '../../electron/contract/catalog/encoders.ts';
import { headCards } from '../../electron/contract/catalog/heads.ts';
import { encoderIds, headIds, methodIds } from '../../electron/contract/catalog/ids.ts';
import { methodCards } from '../../electron/contract/catalog/methods.ts';
import {
  checkValue,
  defaultsOf,
  type Parameter,
  resolveParameters,
} from '../../electron/contract/catalog/parameters.ts';
import { pretrainSettings } from '../../electron/contract/catalog/settings.ts';
import { runParameters } from '../../electron/contract/catalog/training.ts';

const cards: readonly { id: string; parameters: readonly Parameter[] }[] = [
  ...Object.values(methodCards),
  ...Object.values(encoderCards),
  ...Object.values(headCards),
  ...Object.values(augmentationCards),
  { id: 'run', parameters: runParameters },
];

describe('every card', () => {
  it.each(cards.map((card) => ({ id: card.id, card })))(
    '$id: defaults lie in range, ids are unique, help is said',
    ({ card }) => {
      expect(new Set(card.parameters.map((p) => p.id)).size).toBe(card.parameters.length);
      for (const parameter of card.parameters) {
        expect(checkValue(card.id, parameter, parameter.default)).toBe(parameter.default);
        if (parameter.large !== undefined) checkValue(card.id, parameter, parameter.large);
        expect(parameter.help).toMatch(/\.$/);
      }
    },
  );
  it('is keyed by its id', () => {
    for (const table of [methodCards, encoderCards, headCards, augmentationCards]) {
      for (const [key, card] of Object.entries(table)) expect(card.id).toBe(key);
    }
    expect(Object.keys(methodCards)).toEqual([...methodIds]);
    expect(Object.keys(encoderCards)).toEqual([...encoderIds]);
    expect(Object.keys(headCards)).toEqual([...headIds]);
  });
  it('shares no parameter id with another card of the same run', () => {
    for (const method of Object.values(methodCards)) {
      for (const encoder of Object.values(encoderCards)) {
        const ids = [...runParameters, ...method.parameters, ...encoder.parameters].map((p) => p.id);
        expect(new Set([...ids, ...augmentationIds]).size).toBe(ids.length + augmentationIds.length);
      }
    }
  });
});

describe('the methods table', () => {
  it('is the one that the design states', () => {
    const rows = Object.values(methodCards).map(({ name, needs }) =>
      [name, ...Object.values(needs)].join(' | '),
    );
    expect(rows).toEqual([
      'SimSiam | No | Small | Implicit | Yes',
      'SimCLR | Yes | Large | No | Yes, with tuning',
      'MoCo v2 | Yes | Small | No | Yes',
      'Barlow Twins | No | Moderate | Yes | Yes',
      'VICReg | No | Moderate | Yes | Yes',
    ]);
  });
  it('has the published constants for large images', () => {
    const large = Object.fromEntries(
      methodIds.map((id) => [id, defaultsOf(methodCards[id].parameters, 'large')]),
    );
    expect(large.simsiam).toMatchObject({
      optimizer: 'sgd',
      learningRate: 0.05,
      weightDecay: 1e-4,
      batch: 512,
      projectorWidth: 2048,
      predictorWidth: 512,
      warmup: 0,
    });
    expect(large.simclr).toMatchObject({
      temperature: 0.1,
      optimizer: 'lars',
      learningRate: 0.3,
      weightDecay: 1e-6,
      outputWidth: 128,
      batch: 4096,
    });
    expect(large.moco).toMatchObject({
      temperature: 0.2,
      queue: 65536,
      momentum: 0.999,
      optimizer: 'sgd',
      learningRate: 0.03,
      symmetric: false,
    });
    expect(large['barlow-twins']).toMatchObject({
      lambda: 0.0051,
      projectorWidth: 8192,
      optimizer: 'lars',
      learningRate: 0.2,
      finalRate: 0.001,
    });
    expect(large.vicreg).toMatchObject({
      invarianceWeight: 25,
      varianceWeight: 25,
      covarianceWeight: 1,
      projectorWidth: 8192,
      weightDecay: 1e-6,
    });
  });
});

describe('settings', () => {
  const choice = { method: 'vicreg', encoder: 'dense', data: 'radar' } as const;
  it('sort a flat list over the cards', () => {
    const settings = pretrainSettings(choice, {
      epochs: '3',
      varianceWeight: 0,
      width: 32,
      'noise.sigma': 0.2,
      flip: false,
    });
    expect(settings.run.epochs).toBe(3);
    expect(settings.method).toMatchObject({ varianceWeight: 0, invarianceWeight: 25 });
    expect(settings.encoder).toMatchObject({ width: 32, dimension: 128, tile: 16 });
    expect(settings.augmentations.find((a) => a.id === 'noise')?.values.sigma).toBe(0.2);
    expect(settings.augmentations.some((a) => a.id === 'flip')).toBe(false);
  });
  it('refuse what is unknown, out of range, or of another kind', () => {
    expect(() => pretrainSettings(choice, { temperature: 0.1 })).toThrow(/no setting 'temperature'/);
    expect(() => pretrainSettings(choice, { varianceWeight: -1 })).toThrow(/from 0 to 1000, not -1/);
    expect(() => pretrainSettings(choice, { epochs: 2.5 })).toThrow(/whole number, not 2.5/);
    expect(() => pretrainSettings(choice, { optimizer: 'adam' })).toThrow(/one of adamw, sgd, lars/);
    expect(() => resolveParameters('X', [], { a: 1 })).toThrow(/no parameter 'a'/);
    expect(() => pretrainSettings(choice, { epochs: '' })).toThrow(/whole number/);
  });
});

describe('augmentations', () => {
  it('are on by kind of data, and refused where they mean nothing', () => {
    const radar = standardAugmentations('radar').map((a) => a.id);
    expect(radar).toEqual(['shift', 'flip', 'quarterTurn', 'contrast', 'offset', 'noise', 'bandDropout']);
    expect(standardAugmentations('optical').map((a) => a.id)).toEqual(
      expect.arrayContaining(['gain', 'bandGain', 'shift']),
    );
    expect(() => chooseAugmentations('optical', { speckle: true })).toThrow(/not meant for optical/);
    expect(() => chooseAugmentations('radar', { hue: true })).toThrow(/no augmentation 'hue'/);
    expect(
      chooseAugmentations('radar', { 'speckle.looks': 4 }).find((a) => a.id === 'speckle')?.values,
    ).toEqual({ probability: 0.5, looks: 4 });
  });
});

describe('the adviser', () => {
  const laptop: ProjectFacts = {
    places: 1500,
    bands: 9,
    device: 'cpu',
    memoryGiB: 8,
    minutes: 15,
    task: 'crops',
    tile: 16,
  };
  const ranking = (facts: Partial<ProjectFacts>) => adviseMethods({ ...laptop, ...facts });
  it('ranks all five, each with reasons in words', () => {
    const advice = ranking({});
    expect(advice.map((a) => a.method).sort()).toEqual([...methodIds].sort());
    for (const { reasons } of advice) expect(reasons.length).toBeGreaterThan(0);
    expect(advice[0]?.method).toBe('vicreg');
    expect(advice.at(-1)?.method).toBe('simclr');
  });
  it('holds a method back when the machine cannot hold its batch', () => {
    const small = ranking({ memoryGiB: 0.5, tile: 64 });
    expect(affordableBatch({ memoryGiB: 0.5, tile: 64, device: 'cpu' })).toBeLessThan(16);
    for (const { reasons } of small) expect(reasons.find((r) => r.column === 'batch')?.favours).toBe(false);
    const score = (method: string, facts: Partial<ProjectFacts>) =>
      ranking(facts).find((a) => a.method === method)?.score ?? 0;
    expect(
      score('simclr', { device: 'gpu', memoryGiB: 80, task: 'land-cover', minutes: 600 }),
    ).toBeGreaterThan(score('simclr', {}));
    expect(score('simsiam', { places: 50_000 })).toBeLessThan(score('simsiam', {}));
    expect(score('moco', { places: 200 })).toBeLessThan(score('moco', {}));
  });
  it('fits the queue to the places', () => {
    expect(fitQueue(1024, 100_000, 128)).toEqual({ queue: 1024, reason: null });
    expect(fitQueue(1024, 1500, 128)).toMatchObject({
      queue: 256,
      reason: expect.stringContaining('1500 distinct places'),
    });
    expect(fitQueue(1000, 100_000, 128)).toMatchObject({
      queue: 896,
      reason: expect.stringContaining('whole batches'),
    });
    expect(fitQueue(1024, 10, 128).queue).toBe(128);
  });
});
