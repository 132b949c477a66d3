import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkOutput, sweepParts } from '../../electron/services/outputs.ts';
import { codeOf } from '../support/codeOf.ts';
import { tmpFolder } from '../support/tmpProject.ts';

const isRoot = process.getuid?.() === 0;
if (isRoot) console.log('skipped: root may write everywhere, so a read-only folder cannot be tried');

const ours = () => true;
const nobodys = () => false;

describe('checkOutput', () => {
  it('takes a new file in a folder that is there', () => {
    const path = join(tmpFolder(), 'map.tif');
    expect(checkOutput(path, ['.tif'], nobodys)).toBe(path);
  });

  it('writes over its own files only', () => {
    const path = join(tmpFolder(), 'map.tif');
    writeFileSync(path, 'a scene of the user');
    expect(codeOf(() => checkOutput(path, ['.tif'], nobodys))).toBe('exists');
    expect(checkOutput(path, ['.tif'], ours)).toBe(path);
  });

  it('names the folder that is missing, and the ending that is wrong', () => {
    const folder = tmpFolder();
    expect(() => checkOutput(join(folder, 'no', 'map.tif'), ['.tif'], ours)).toThrow(join(folder, 'no'));
    expect(codeOf(() => checkOutput(join(folder, 'map.png'), ['.tif'], ours))).toBe('bad-input');
    mkdirSync(join(folder, 'map.tif'));
    expect(codeOf(() => checkOutput(join(folder, 'map.tif'), ['.tif'], ours))).toBe('exists');
  });

  it.skipIf(isRoot)('refuses a folder that may not be written', () => {
    const folder = tmpFolder();
    chmodSync(folder, 0o500);
    try {
      expect(codeOf(() => checkOutput(join(folder, 'map.tif'), ['.tif'], ours))).toBe('read-only');
    } finally {
      chmodSync(folder, 0o700);
    }
  });
});

describe('sweepParts', () => {
  it('removes the unfinished parts of a file and its sidecars, and nothing else', () => {
    const folder = tmpFolder();
    const names = ['map.tif', 'map.tif.1a2b3c4d.part', 'map.qml.1a2b3c4d.part', 'map2.tif.1a2b3c4d.part'];
    for (const name of names) writeFileSync(join(folder, name), '');
    sweepParts(join(folder, 'map.tif'));
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([true, false, false, true]);
  });
});
