import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../electron/base/errors.ts';
import { addFields, listFields } from '../../electron/store/fields.ts';
import { createProject, openProject } from '../../electron/store/open.ts';
import { codeOf } from '../support/codeOf.ts';
import { newField } from '../support/labels.ts';
import { canMount, smallDisk } from '../support/smallDisk.ts';
import { tmpFolder, tmpProject } from '../support/tmpProject.ts';

describe.skipIf(!canMount)('a full disk', () => {
  it('refuses the gesture that does not fit, keeps all before, and goes on when there is room', () => {
    const disk = smallDisk(1536);
    const ballast = join(disk.folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(300 * 1024));
    const store = createProject(join(disk.folder, 'Full.swath'), { name: 'Full' });
    let done = 0;
    let failure: unknown;
    while (!failure && done < 100_000) {
      try {
        store.gesture('Draw', (tx) =>
          addFields(
            tx,
            Array.from({ length: 10 }, () => newField(done)),
            store.clock,
          ),
        );
        done += 10;
      } catch (error) {
        failure = error;
      }
    }
    expect(done).toBeGreaterThan(0);
    expect(isAppError(failure, 'disk-full') ? failure.subject : failure).toBe(store.file);
    expect(listFields(store.db)).toHaveLength(done);
    rmSync(ballast);
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    store.dispose();
    const again = openProject(store.folder, { mode: 'read' });
    expect(listFields(again.db)).toHaveLength(done + 1);
    again.dispose();
  });

  it('opens again after the process ended on a full disk', () => {
    const disk = smallDisk(1024);
    const store = createProject(join(disk.folder, 'Full.swath'), { name: 'Full' });
    store.gesture('Draw', (tx) => addFields(tx, [newField(0), newField(1)], store.clock));
    const ballast = join(disk.folder, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(1024 * 1024))).toThrow(/ENOSPC/);
    store.dispose();
    const reader = openProject(store.folder, { mode: 'read' });
    expect(listFields(reader.db)).toHaveLength(2);
    reader.dispose();
    expect(codeOf(() => createProject(join(disk.folder, 'Other.swath'), { name: 'Other' }))).toBe(
      'disk-full',
    );
    expect(existsSync(join(disk.folder, 'Other.swath', 'project.gpkg'))).toBe(false);
    rmSync(ballast);
    const again = openProject(store.folder, { mode: 'write' });
    expect(listFields(again.db)).toHaveLength(2);
    again.dispose();
  });
});

describe.skipIf(!canMount)('a folder that cannot be written', () => {
  it('is opened read-only with a notice that says why', () => {
    const disk = smallDisk(4096);
    const store = createProject(join(disk.folder, 'Fixed.swath'), { name: 'Fixed' });
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    store.dispose();
    disk.remountReadOnly();
    const again = openProject(store.folder, { mode: 'write' });
    expect(again.mode).toBe('read');
    expect(again.notice).toMatch(/Cannot write here.*read-only/);
    expect(listFields(again.db)).toHaveLength(1);
    expect(codeOf(() => again.writable())).toBe('read-only');
    again.dispose();
    expect(codeOf(() => createProject(join(disk.folder, 'New.swath'), { name: 'New' }))).toBe('read-only');
  });

  it('shows also what an unclean end left in the log', () => {
    const disk = smallDisk(8192);
    const store = tmpProject();
    store.gesture('Draw', (tx) => addFields(tx, [newField(0), newField(1)], store.clock));
    // As a crash would leave it: copied while it is open.
    const copy = join(disk.folder, 'Crashed.swath');
    mkdirSync(copy);
    for (const name of ['project.gpkg', 'project.gpkg-wal'])
      copyFileSync(join(store.folder, name), join(copy, name));
    disk.remountReadOnly();
    const again = openProject(copy, { mode: 'write' });
    expect(again.mode).toBe('read');
    expect(listFields(again.db)).toHaveLength(2);
    again.dispose();
  });
});

describe('a damaged database', () => {
  function damagedProject(damage: (bytes: Buffer) => Buffer): {
    folder: string;
    file: string;
    bytes: Buffer;
  } {
    const store = tmpProject();
    const many = Array.from({ length: 400 }, (_, i) => newField(i));
    store.gesture('Draw', (tx) => addFields(tx, many, store.clock));
    store.dispose();
    const bytes = damage(readFileSync(store.file));
    writeFileSync(store.file, bytes);
    return { folder: store.folder, file: store.file, bytes };
  }

  it.each([
    ['a page of noise', (b: Buffer) => b.fill(0xa5, 4096 * 30, 4096 * 31)],
    ['half of it gone', (b: Buffer) => b.subarray(0, Math.floor(b.length / 8192) * 4096)],
    ['another beginning', (b: Buffer) => b.fill(0x20, 0, 64)],
    ['nothing in it', () => Buffer.alloc(0)],
  ])('with %s is refused by name, with the way out, and left as it is', (_, damage) => {
    const { folder, file, bytes } = damagedProject(damage);
    try {
      openProject(folder, { mode: 'write' });
      expect.unreachable();
    } catch (error) {
      if (!isAppError(error, 'bad-input')) throw error;
      expect(error.subject).toBe(file);
      expect(error.remedy).toContain(join(folder, 'backups'));
    }
    expect(readFileSync(file).equals(bytes)).toBe(true);
    expect(readdirSync(folder)).not.toContain('project.lock');
  });

  it('is not mistaken when it is simply another database', () => {
    const folder = tmpFolder();
    const source = tmpProject();
    source.writable().run("DELETE FROM swath_meta WHERE key = 'schema'");
    source.dispose();
    copyFileSync(source.file, join(folder, 'project.gpkg'));
    expect(codeOf(() => openProject(folder, { mode: 'write' }))).toBe('bad-input');
  });
});
