import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { listFields } from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import { tmpProject } from '../support/tmpProject.ts';

const kills = process.env.SWATH_SLOW ? 100 : 20;

/** Runs a writer and kills it `delayMs` after its first commit (or its start); answers what it said was committed. */
async function writeUntilKilled(folder: string, delayMs: number, fromStart: boolean): Promise<string[]> {
  const child = spawn(process.execPath, ['test/store/child.ts', 'write', folder]);
  let said = '';
  const began = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/^\d+:/m.test(said)) resolve();
    });
  });
  const closed = new Promise((resolve) => child.on('close', resolve));
  await (fromStart ? wait(200) : Promise.race([began, closed]));
  await wait(delayMs);
  child.kill('SIGKILL');
  await closed;
  expect(said).not.toContain('error');
  return said
    .split('\n')
    .slice(0, -1)
    .filter((line) => /^\d+:\d+$/.test(line));
}

describe('kill -9 while labelling', () => {
  it(`loses nothing that was committed, and leaves no half gesture, in ${kills} kills`, async () => {
    const store = tmpProject();
    const { folder } = store;
    store.dispose();
    const prng = prngFrom(1);
    const committed = new Set<string>();
    for (let round = 0; round < kills; round++) {
      // Every fourth while the project is being opened.
      const said = await writeUntilKilled(folder, prng.uniform() * 120, round % 4 === 3);
      for (const note of said) committed.add(note);
      const reader = openProject(folder, { mode: 'read' });
      const counts = new Map<string, number>();
      for (const { note } of listFields(reader.db)) counts.set(note ?? '', (counts.get(note ?? '') ?? 0) + 1);
      reader.dispose();
      expect([...committed].filter((note) => counts.get(note) !== 2)).toEqual([]);
      expect([...counts.values()].every((n) => n === 2)).toBe(true);
    }
    expect(committed.size).toBeGreaterThan(kills);
    const again = openProject(folder, { mode: 'write' });
    expect(again.mode).toBe('write');
    expect(again.db.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    const before = listFields(again.db).length;
    expect(again.undo()).not.toBeNull();
    expect(listFields(again.db)).toHaveLength(before - 2);
    again.dispose();
  }, 300_000);
});
