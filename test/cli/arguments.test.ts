import { describe, expect, it } from 'vitest';
import { parseArguments, parseBox, parseSettings, userPath } from '../../electron/hosts/cli/arguments.ts';
import { progressText } from '../../electron/hosts/cli/progressLine.ts';
import { duration, figure, table } from '../../electron/hosts/cli/table.ts';
import { codeOf } from '../support/codeOf.ts';

const specs = {
  bbox: { type: 'string' },
  scene: { type: 'string', multiple: true },
  open: { type: 'boolean' },
} as const;
const parse = (...words: string[]) => parseArguments(words, specs, 'swath test');

describe('parseArguments', () => {
  it('sorts words and options, repeated or with commas', () => {
    const words = parse('P', '--scene', 'a', '--scene=b,c', '--open');
    expect(words.positionals).toEqual(['P']);
    expect(words.list('scene')).toEqual(['a', 'b', 'c']);
    expect(words.flag('open')).toBe(true);
    expect(words.text('bbox')).toBeUndefined();
  });

  it('takes a value that begins with a minus sign', () => {
    expect(parse('P', '--bbox', '-10,-20,5,6').text('bbox')).toBe('-10,-20,5,6');
  });

  it('refuses unknown options, missing values and numbers that are none, naming the option', () => {
    expect(codeOf(() => parse('--epoch', '3'))).toBe('usage');
    expect(() => parse('--epoch', '3')).toThrow(/--epoch/);
    expect(codeOf(() => parse('--bbox'))).toBe('usage');
    expect(() => parse('--bbox', 'x').integer('bbox')).toThrow(/--bbox needs a whole number, not 'x'/);
    expect(() => parse().positional(0)).toThrow(/missing/);
  });
});

describe('values', () => {
  it('of --set are numbers, truths or words', () => {
    expect(parseSettings(['temperature=0.1', 'augment.flip=false', 'optimizer=lars', 'name=a=b'])).toEqual({
      temperature: 0.1,
      'augment.flip': false,
      optimizer: 'lars',
      name: 'a=b',
    });
    expect(codeOf(() => parseSettings(['temperature']))).toBe('usage');
  });

  it('of --bbox are four numbers', () => {
    expect(parseBox('1, -2,3.5,4e3')).toEqual([1, -2, 3.5, 4000]);
    for (const wrong of ['1,2,3', '1,2,3,x', '1,2,3,4,5', '1,,3,4'])
      expect(codeOf(() => parseBox(wrong))).toBe('usage');
  });

  it('that are paths stand where npm was called', () => {
    const before = process.env.INIT_CWD;
    process.env.INIT_CWD = '/somewhere';
    try {
      expect(userPath('a/b.tif')).toBe('/somewhere/a/b.tif');
      expect(userPath('/c.tif')).toBe('/c.tif');
    } finally {
      if (before === undefined) delete process.env.INIT_CWD;
      else process.env.INIT_CWD = before;
    }
  });
});

describe('words for people', () => {
  it('line up in tables, numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['long name', 1000],
          ['b', null],
        ],
      ),
    ).toBe(
      ['name          n', '─────────  ────', 'a             5', 'long name  1000', 'b             –'].join(
        '\n',
      ),
    );
  });

  it('say durations and figures as people do', () => {
    expect([duration(3.21), duration(59.7), duration(3599.7), duration(7384)]).toEqual([
      '3.2 s',
      '1 min 0 s',
      '1 h 0 min',
      '2 h 3 min',
    ]);
    expect([figure(0), figure(12345.678), figure(1.234e-5), figure(null)]).toEqual([
      '0',
      '12350',
      '1.234e-5',
      '–',
    ]);
  });

  it('say what is known of progress', () => {
    const progress = {
      run: 'r',
      stage: 'map',
      done: 5,
      total: 20,
      unit: 'blocks',
      rate: null,
      secondsLeft: null,
      rssBytes: 2 ** 28,
    };
    expect(progressText(progress)).toBe('map · 25 % · 256 MiB');
    expect(progressText({ ...progress, rate: 2.25, secondsLeft: 65 })).toBe(
      'map · 25 % · 2.3 blocks/s · 1 min 5 s left · 256 MiB',
    );
  });
});
