import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProject } from '../../electron/store/check.ts';
import { connect } from '../../electron/store/connect.ts';
import { addFields } from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import type { ProjectStore } from '../../electron/store/projectStore.ts';
import { addScene } from '../../electron/store/scenes.ts';
import { codeOf } from '../support/codeOf.ts';
import { newField } from '../support/labels.ts';
import { scene } from '../support/scene.ts';
import { tmpFolder, tmpProject } from '../support/tmpProject.ts';

function filled(): ProjectStore {
  const store = tmpProject();
  store.gesture('Draw', (tx) => addFields(tx, [newField(0), newField(50), newField(5_300_000)], store.clock));
  return store;
}

/** Changes the database behind our back. */
function tamper(store: ProjectStore, sql: string): void {
  store.dispose();
  const db = connect(store.file, { readonly: false });
  db.script(sql);
  db.close();
}

describe('checkProject', () => {
  it('finds nothing wrong with a whole project', () => {
    const store = filled();
    store.dispose();
    expect(checkProject(store.folder)).toMatchObject({ ok: true, findings: [] });
  });

  it('makes derived data anew: spatial index, counts', () => {
    const store = filled();
    tamper(
      store,
      `DELETE FROM rtree_fields_geom WHERE id = 1;
       UPDATE rtree_fields_geom SET maxx = 999 WHERE id = 2;
       UPDATE gpkg_ogr_contents SET feature_count = 12 WHERE table_name = 'fields';`,
    );
    const report = checkProject(store.folder);
    expect(report.ok).toBe(true);
    expect(report.findings.map(({ problem, repaired }) => [problem, repaired])).toEqual([
      ['the spatial index is wrong about 2 features', true],
      ['the feature count says 12, there are 3', true],
    ]);
    expect(checkProject(store.folder).findings).toEqual([]);
  });

  it('only says it while another process writes', () => {
    const store = filled();
    tamper(store, 'DELETE FROM rtree_fields_geom');
    const writer = openProject(store.folder, { mode: 'write' });
    const report = checkProject(store.folder);
    writer.dispose();
    expect(report).toMatchObject({ ok: false, findings: [{ subject: 'fields', repaired: false }] });
  });

  it('reports what is the user’s own: geometries, missing and changed files, references', () => {
    const store = filled();
    const folder = tmpFolder();
    const changed = join(folder, 'changed.tif');
    writeFileSync(changed, 'four');
    const files = [
      { path: join(folder, 'missing.tif'), bytes: 1, fingerprint: 'a', status: 'ok' as const },
      { path: changed, bytes: 5, fingerprint: 'b', status: 'ok' as const },
    ];
    addScene(store.writable(), { ...scene, files });
    tamper(
      store,
      `PRAGMA foreign_keys = OFF;
       UPDATE fields SET geom = x'1234' WHERE fid = 2;
       INSERT INTO history_changes (history, tbl, key) VALUES (77, 'fields', 1);`,
    );
    const report = checkProject(store.folder);
    expect(report.ok).toBe(false);
    expect(report.findings.map(({ subject, problem }) => `${subject} ${problem}`)).toEqual([
      expect.stringContaining('of history_changes refers to something missing in history'),
      expect.stringContaining('fields 2 has no geometry'),
      expect.stringContaining('missing.tif is missing'),
      expect.stringContaining('changed.tif has 4 bytes, 5 when it was added'),
    ]);
  });

  it('reports a damaged database with its backups, and needs a project', () => {
    const store = filled();
    store.dispose();
    openProject(store.folder, { mode: 'write' }).dispose();
    writeFileSync(store.file, 'x'.repeat(5000));
    const report = checkProject(store.folder);
    expect(report.ok).toBe(false);
    expect(report.backups).toHaveLength(1);
    expect(codeOf(() => checkProject(tmpFolder()))).toBe('not-found');
  });
});
