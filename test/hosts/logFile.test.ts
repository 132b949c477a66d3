import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogFile } from '../../electron/hosts/logFile.ts';

it('keeps what matters, newest last, in two files of bounded size', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'swath-log-')), 'logs');
  const { log, recent, path } = openLogFile(folder);
  log('debug', 'not this');
  log('warn', 'first', { run: 'r1' });
  log('error', 'second');
  expect(recent()).toEqual([
    expect.stringMatching(/warn first \{"run":"r1"\}$/),
    expect.stringMatching(/error second$/),
  ]);
  writeFileSync(path, 'x'.repeat(2 ** 20 + 1));
  log('info', 'after');
  expect(readdirSync(folder).sort()).toEqual(['swath.1.log', 'swath.log']);
  expect(statSync(path).size).toBeLessThan(200);
  expect(recent().at(-1)).toContain('info after');
});

it('stops nothing where it cannot write', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'swath-log-')), 'taken');
  writeFileSync(file, '');
  const { log, recent } = openLogFile(file);
  log('error', 'lost');
  expect(recent()).toEqual([]);
});
