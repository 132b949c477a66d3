import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../electron/base/clock.ts';
import { backUp, listBackups } from '../../electron/store/backups.ts';
import { connect } from '../../electron/store/connect.ts';
import { addFields, listFields } from '../../electron/store/fields.ts';
import { migrate, migrations, schemaVersion } from '../../electron/store/migrate.ts';
import type { Migration } from '../../electron/store/migrations/migration.ts';
import { openProject } from '../../electron/store/open.ts';
import { readGeoPackage } from '../../electron/store/readGeoPackage.ts';
import { codeOf } from '../support/codeOf.ts';
import { newField } from '../support/labels.ts';
import { tmpProject } from '../support/tmpProject.ts';

const second: Migration = {
  version: 2,
  name: 'second',
  up: (db) => db.script('ALTER TABLE scenes ADD COLUMN cloud REAL'),
};
const failing: Migration = {
  version: 2,
  name: 'failing',
  up: (db) => {
    db.script('ALTER TABLE scenes ADD COLUMN cloud REAL');
    throw new Error('half way');
  },
};

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
  });

  it('bring a project forward after a backup, and keep its data', () => {
    const store = tmpProject();
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    store.dispose();
    const again = openProject(store.folder, { mode: 'write', migrations: [...migrations, second] });
    expect(schemaVersion(again.db, again.file)).toBe(2);
    expect(again.db.all('SELECT cloud FROM scenes')).toEqual([]);
    expect(listFields(again.db)).toHaveLength(1);
    again.dispose();
    const [backup = ''] = listBackups(store.folder);
    expect(readGeoPackage(backup, 'fields').features).toHaveLength(1);
    const old = connect(backup, { readonly: true });
    expect(schemaVersion(old, backup)).toBe(1);
    old.close();
  });

  it('leave everything as it was when one fails', () => {
    const store = tmpProject();
    store.dispose();
    expect(() => openProject(store.folder, { mode: 'write', migrations: [...migrations, failing] })).toThrow(
      'half way',
    );
    const again = openProject(store.folder, { mode: 'write' });
    expect(again.mode).toBe('write');
    expect(codeOf(() => again.db.all('SELECT cloud FROM scenes'))).toBe('internal');
    again.dispose();
  });

  it('run in order, also from nothing', () => {
    const store = tmpProject();
    const fresh = connect(`${store.file}.fresh`, { readonly: false, create: true });
    migrate(fresh, 0, [...migrations, second]);
    expect(schemaVersion(fresh, store.file)).toBe(2);
    fresh.close();
  });
});

describe('a project of a newer version', () => {
  it('is opened read-only, says so, and is not changed', () => {
    const store = tmpProject();
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    store.writable().run("UPDATE swath_meta SET value = '99' WHERE key = 'schema'");
    store.dispose();
    const before = readFileSync(store.file);
    const again = openProject(store.folder, { mode: 'write' });
    expect(again.mode).toBe('read');
    expect(again.notice).toContain('newer version of Swath');
    expect(codeOf(() => again.writable())).toBe('read-only');
    expect(listFields(again.db)).toHaveLength(1);
    again.dispose();
    expect(readFileSync(store.file).equals(before)).toBe(true);
  });
});

describe('backups', () => {
  it('are made at most daily, only after changes, and the newest five are kept', () => {
    const store = tmpProject();
    const { folder } = store;
    store.dispose();
    let now = Date.now();
    const clock: Clock = { now: () => now, tick: () => 0 };
    const open = () => openProject(folder, { mode: 'write', clock });
    open().dispose();
    expect(listBackups(folder)).toHaveLength(1);
    open().dispose();
    now += 25 * 3600 * 1000;
    open().dispose();
    // Nothing was changed since.
    expect(listBackups(folder)).toHaveLength(1);
    const writer = connect(store.file, { readonly: false });
    for (let day = 0; day < 7; day++) {
      now += 1000;
      writer.run("INSERT INTO settings VALUES (?, '1')", `day ${day}`);
      backUp(writer, folder, clock);
    }
    writer.close();
    const names = listBackups(folder);
    expect(names).toHaveLength(5);
    expect([...names].sort()).toEqual(names);
  });
});
