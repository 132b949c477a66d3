import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { addFields, listFields } from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import { codeOf } from '../support/codeOf.ts';
import { newField } from '../support/labels.ts';
import { tmpProject } from '../support/tmpProject.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A second process on the project; answers its first line. */
function start(mode: 'hold' | 'read', folder: string): Promise<{ line: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['test/store/child.ts', mode, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => resolve({ line: chunk.toString().trim(), child }));
  });
}

function kill(child: ChildProcess): Promise<unknown> {
  const closed = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGKILL');
  return closed;
}

describe('two on one project', () => {
  it('refuses a second writer in another process, naming the first, and lets it read', async () => {
    const store = tmpProject();
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    const second = await start('hold', store.folder);
    expect(second.line).toContain('"code":"locked"');
    expect(second.line).toContain(`process ${process.pid} on ${hostname()}`);
    expect(second.line).toContain('read-only here');
    expect((await start('read', store.folder)).line).toBe('open read');
  });

  it('refuses a second writer in the same process, whose reader follows the first', () => {
    const store = tmpProject();
    expect(codeOf(() => openProject(store.folder, { mode: 'write' }))).toBe('locked');
    const reader = openProject(store.folder, { mode: 'read' });
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    expect(listFields(reader.db)).toHaveLength(1);
    expect(codeOf(() => reader.gesture('Draw', () => {}))).toBe('read-only');
    reader.dispose();
  });

  it('takes over from a process that died', async () => {
    const store = tmpProject();
    store.dispose();
    const { line, child } = await start('hold', store.folder);
    expect(line).toBe('open write');
    expect(codeOf(() => openProject(store.folder, { mode: 'write' }))).toBe('locked');
    await kill(child);
    const again = openProject(store.folder, { mode: 'write' });
    expect(again.mode).toBe('write');
    again.dispose();
  });

  it('gives a dead lock to one of several who want it', async () => {
    const store = tmpProject();
    store.dispose();
    const { child } = await start('hold', store.folder);
    await kill(child);
    const lines = (await Promise.all([1, 2, 3, 4].map(() => start('hold', store.folder)))).map(
      ({ line }) => line,
    );
    expect(lines.filter((line) => line === 'open write')).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"code":"locked"'))).toHaveLength(3);
  });

  it('believes a lock of another machine, and takes a later process with the same id for another', () => {
    const store = tmpProject();
    const { folder } = store;
    store.dispose();
    const lock = join(folder, 'project.lock');
    expect(existsSync(lock)).toBe(false);
    writeFileSync(
      lock,
      JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00Z', token: 'x' }),
    );
    try {
      openProject(folder, { mode: 'write' });
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, 'locked') && error.remedy).toContain(lock);
    }
    const { pid } = process;
    writeFileSync(lock, JSON.stringify({ pid, host: hostname(), start: '1', since: '', token: 'x' }));
    if (existsSync('/proc/self/stat')) openProject(folder, { mode: 'write' }).dispose();
    else console.log('skipped: without /proc a reused process id cannot be told from the old one');
    // Cut short while it was written.
    writeFileSync(lock, '{"pid": 12');
    openProject(folder, { mode: 'write' }).dispose();
    expect(existsSync(lock)).toBe(false);
  });
});
