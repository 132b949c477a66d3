import { describe, expect, it } from 'vitest';
import { prngFrom } from '../../electron/base/prng.ts';
import { listClasses, removeClass, saveClasses } from '../../electron/store/classes.ts';
import {
  addFields,
  changeFields,
  countFields,
  listFields,
  removeFields,
} from '../../electron/store/fields.ts';
import { openProject } from '../../electron/store/open.ts';
import type { ProjectStore } from '../../electron/store/projectStore.ts';
import { addRegions, listRegions, removeRegions } from '../../electron/store/regions.ts';
import { addSamples, labelSamples, listSamples, removeSamples } from '../../electron/store/samples.ts';
import { newField, square } from '../support/labels.ts';
import { tmpProject } from '../support/tmpProject.ts';

const wheat = { code: 1, name: 'wheat', color: '#d4af37', key: 'w' };
const maize = { code: 2, name: 'maize', color: '#ffd400', key: null };

function snapshot({ db }: ProjectStore): unknown {
  return {
    fields: listFields(db),
    regions: listRegions(db),
    samples: listSamples(db),
    classes: listClasses(db),
    extents: db.all('SELECT table_name, min_x, max_x, min_y, max_y FROM gpkg_contents ORDER BY table_name'),
    counts: db.all('SELECT * FROM gpkg_ogr_contents ORDER BY table_name'),
    index: db.all('SELECT * FROM rtree_fields_geom ORDER BY id'),
  };
}

describe('gestures', () => {
  it('add, change and remove fields, with what they were given', () => {
    const store = tmpProject();
    const [a, b] = store.gesture('Draw 2 fields', (tx) =>
      addFields(
        tx,
        [newField(0), { ...newField(50, null), role: 'accuracy', confidence: 80, scene: 'inn' }],
        store.clock,
      ),
    );
    expect(listFields(store.db)).toEqual([a, b]);
    expect(a).toMatchObject({ geometry: square(0, 0), classCode: 1, role: 'train', source: 'drawn' });
    expect(b).toMatchObject({ classCode: null, role: 'accuracy', confidence: 80, scene: 'inn' });
    expect(listFields(store.db, { scene: 'other' })).toEqual([a]);
    const ids = [a?.id ?? '', b?.id ?? ''];
    store.gesture('Label', (tx) => changeFields(tx, ids, { classCode: 2, note: 'seen' }));
    expect(countFields(store.db)).toEqual([
      { classCode: 2, role: 'accuracy', count: 1 },
      { classCode: 2, role: 'train', count: 1 },
    ]);
    store.gesture('Remove', (tx) => removeFields(tx, ids.slice(0, 1)));
    expect(listFields(store.db).map(({ id }) => id)).toEqual([ids[1]]);
    expect(() => store.gesture('Remove', (tx) => removeFields(tx, ['no-such']))).toThrow(/no-such/);
  });

  it('leave no trace when they throw or change nothing', () => {
    const store = tmpProject();
    const before = snapshot(store);
    expect(() =>
      store.gesture('Fail', (tx) => {
        addFields(tx, [newField(0)], store.clock);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    store.gesture('Nothing', () => {});
    expect(snapshot(store)).toEqual(before);
    expect(store.history()).toEqual({ undo: null, redo: null });
  });

  it('are undone and redone exactly, also after the project was closed in between', () => {
    const store = tmpProject();
    const prng = prngFrom(3);
    const states = [snapshot(store)];
    const step = (label: string, body: Parameters<typeof store.gesture>[1]) => {
      store.gesture(label, body);
      states.push(snapshot(store));
    };
    step('Classes', (tx) => saveClasses(tx, [wheat, maize]));
    step('Region', (tx) => addRegions(tx, [{ geometry: square(0, 0, 500), scene: null }], store.clock));
    for (let i = 0; i < 6; i++) {
      step(`Draw ${i}`, (tx) => addFields(tx, [newField(prng.integer(900)), newField(5)], store.clock));
    }
    const some = listFields(store.db).slice(2, 5);
    step('Label', (tx) =>
      changeFields(
        tx,
        some.map(({ id }) => id),
        { classCode: 2 },
      ),
    );
    step('Reshape', (tx) => changeFields(tx, [some[0]?.id ?? ''], { geometry: square(-70, 3, 2) }));
    step('Remove', (tx) =>
      removeFields(
        tx,
        some.slice(1).map(({ id }) => id),
      ),
    );
    step('Sample', (tx) => {
      const ids = addSamples(
        tx,
        [{ x: 1, y: 2, classCode: null, mapClass: 1, role: null, note: null }],
        store.clock,
      );
      labelSamples(tx, ids, 2);
    });
    step('Rename', (tx) => saveClasses(tx, [{ ...maize, name: 'corn' }]));
    step('Remove class', (tx) => removeClass(tx, 2));
    step('Remove all', (tx) => {
      removeRegions(
        tx,
        listRegions(tx).map(({ id }) => id),
      );
      removeSamples(
        tx,
        listSamples(tx).map(({ id }) => id),
      );
    });
    expect(listFields(store.db).some(({ classCode }) => classCode === 2)).toBe(false);

    store.dispose();
    const again = openProject(store.folder, { mode: 'write' });
    for (let i = states.length - 2; i >= 0; i--) {
      again.undo();
      expect(snapshot(again)).toEqual(states[i]);
    }
    expect(again.undo()).toBeNull();
    again.dispose();
    const third = openProject(store.folder, { mode: 'write' });
    expect(third.history()).toEqual({ undo: null, redo: 'Classes' });
    for (const state of states.slice(1)) {
      third.redo();
      expect(snapshot(third)).toEqual(state);
    }
    expect(third.redo()).toBeNull();
    third.dispose();
  });

  it('discard what could be redone', () => {
    const store = tmpProject();
    store.gesture('One', (tx) => addFields(tx, [newField(0)], store.clock));
    store.undo();
    expect(store.history()).toEqual({ undo: null, redo: 'One' });
    store.gesture('Two', (tx) => addFields(tx, [newField(1)], store.clock));
    expect(store.history()).toEqual({ undo: 'Two', redo: null });
  });

  it('style the layers for QGIS from the class list', () => {
    const store = tmpProject();
    store.gesture('Classes', (tx) => saveClasses(tx, [{ ...wheat, name: 'wheat & <rye>' }]));
    const rows = store.db.all<{ f_table_name: string; styleQML: string }>(
      'SELECT f_table_name, styleQML FROM layer_styles ORDER BY f_table_name',
    );
    expect(rows.map((row) => row.f_table_name)).toEqual(['fields', 'samples']);
    expect(rows[0]?.styleQML).toContain('label="wheat &amp; &lt;rye&gt;"');
    expect(rows[0]?.styleQML).toContain('212,175,55');
  });

  it('takes a tenth of a second for a thousand fields, bounded', () => {
    const store = tmpProject();
    const many = Array.from({ length: 1000 }, (_, i) => newField(i * 12));
    const start = performance.now();
    store.gesture('Import', (tx) => addFields(tx, many, store.clock));
    expect(performance.now() - start).toBeLessThan(2000);
    expect(listFields(store.db)).toHaveLength(1000);
  });
});
