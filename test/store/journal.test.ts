import { describe, expect, it } from 'vitest';
import { AppError } from '../../electron/base/errors.ts';
import { connect } from '../../electron/store/connect.ts';
import { addFields, listFields } from '../../electron/store/fields.ts';
import { isOnNetwork, startJournal } from '../../electron/store/journal.ts';
import { openProject } from '../../electron/store/open.ts';
import { newField } from '../support/labels.ts';
import { tmpFolder, tmpProject } from '../support/tmpProject.ts';

describe('the journal', () => {
  it('is a write-ahead log on a local disk', () => {
    const store = tmpProject();
    expect(isOnNetwork(store.folder)).toBe(false);
    expect(store.notice).toBeNull();
    expect(store.db.get('PRAGMA journal_mode')).toEqual({ journal_mode: 'wal' });
    store.dispose();
  });

  it.each([
    [
      'refuses it',
      () => {
        throw new AppError('internal', 'disk I/O error');
      },
    ],
    ['answers with another mode', () => 'delete'],
  ])('falls back to a rollback journal, with a notice, where SQLite %s', (_, wal) => {
    const store = tmpProject();
    store.gesture('Draw', (tx) => addFields(tx, [newField(0)], store.clock));
    store.dispose();
    const db = connect(store.file, { readonly: false });
    const asked: string[] = [];
    const notice = startJournal(
      {
        pragma(text) {
          asked.push(text);
          return /WAL/.test(text) ? wal() : db.pragma(text);
        },
      },
      store.folder,
    );
    expect(notice).toMatch(/cannot share a write-ahead log.*one program at a time/);
    expect(asked.slice(-2)).toEqual(['journal_mode = DELETE', 'synchronous = FULL']);
    expect(db.pragma('journal_mode')).toBe('delete');
    db.close();
    const again = openProject(store.folder, { mode: 'write' });
    expect(listFields(again.db)).toHaveLength(1);
    again.dispose();
  });

  it('does not take another program at work for a drive without logs', () => {
    const locked = () => {
      throw new AppError('locked', 'the database is in use');
    };
    expect(() => startJournal({ pragma: locked }, tmpFolder())).toThrow('in use');
  });
});
