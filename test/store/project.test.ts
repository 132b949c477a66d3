import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addAssessment, getAssessment, listAssessments } from '../../electron/store/assessments.ts';
import { addMap, getMap, listMaps, markStale, removeMap } from '../../electron/store/maps.ts';
import { addModel, getModel, listModels } from '../../electron/store/models.ts';
import { createProject, openProject } from '../../electron/store/open.ts';
import { readProject, setProjectCrs } from '../../electron/store/project.ts';
import { addRun, changeRun, getRun, listRuns } from '../../electron/store/runs.ts';
import { addScene, changeScene, getScene, listScenes, removeScene } from '../../electron/store/scenes.ts';
import { getSetting, saveSetting } from '../../electron/store/settings.ts';
import { codeOf } from '../support/codeOf.ts';
import { scene } from '../support/scene.ts';
import { tmpFolder, tmpProject } from '../support/tmpProject.ts';

describe('project store', () => {
  it('is one file when it is closed, and gives back what was stored', () => {
    const store = tmpProject();
    const { folder } = store;
    const db = store.writable();
    addScene(db, scene);
    setProjectCrs(db, scene.crs);
    saveSetting(db, 'view', { x: 1.5, layers: ['inn'] });
    store.dispose();
    expect(readdirSync(folder).filter((name) => name.startsWith('project'))).toEqual(['project.gpkg']);

    const again = openProject(folder, { mode: 'read' });
    expect(listScenes(again.db)).toEqual([scene]);
    expect(readProject(again.db)).toMatchObject({ name: 'Test', crs: scene.crs });
    expect(getSetting(again.db, 'view')).toEqual({ x: 1.5, layers: ['inn'] });
    expect(getSetting(again.db, 'nothing')).toBeUndefined();
    again.dispose();
  });

  it('knows an undecided CRS from local pixel coordinates', () => {
    const store = tmpProject();
    expect(readProject(store.db).crs).toBeUndefined();
    setProjectCrs(store.writable(), null);
    expect(readProject(store.db).crs).toBeNull();
  });

  it('changes, orders and removes scenes', () => {
    const store = tmpProject();
    const db = store.writable();
    addScene(db, { ...scene, id: 'undated', date: null });
    addScene(db, { ...scene, id: 'later', date: '2026-08-01' });
    addScene(db, scene);
    expect(listScenes(db).map(({ id }) => id)).toEqual(['inn', 'later', 'undated']);
    const statistics = { exact: true, samples: 4, bands: [] };
    expect(changeScene(db, 'inn', { statistics, date: null }).statistics).toEqual(statistics);
    expect(getScene(db, 'inn').date).toBeNull();
    expect(codeOf(() => addScene(db, scene))).toBe('exists');
    removeScene(db, 'inn');
    expect(codeOf(() => getScene(db, 'inn'))).toBe('not-found');
    expect(codeOf(() => changeScene(db, 'inn', { name: 'x' }))).toBe('not-found');
  });

  it('keeps runs, models, maps and assessments, and the references between them', () => {
    const store = tmpProject();
    const db = store.writable();
    const { clock } = store;
    addRun(db, { id: 'run-1', kind: 'train', method: 'linear', params: { seed: 3 }, seed: 3 }, clock);
    expect(getRun(db, 'run-1')).toMatchObject({ state: 'queued', params: { seed: 3 }, result: null });
    const done = changeRun(db, 'run-1', {
      state: 'done',
      result: { oa: 0.9 },
      ended: '2026-11-23T10:00:00Z',
    });
    expect(done).toMatchObject({ state: 'done', result: { oa: 0.9 }, reason: null });
    expect(listRuns(db, { kind: 'pretrain' })).toEqual([]);

    const model = {
      id: 'model-1',
      run: 'run-1',
      encoder: 'none',
      head: 'linear',
      scene: 'inn',
      result: { model: 'model-1', labels: [{ code: 1, count: 5 }] },
      created: '2026-11-23T10:00:00Z',
    } as unknown as Parameters<typeof addModel>[1];
    addModel(db, model);
    expect(getModel(db, 'model-1')).toEqual(model);
    expect(codeOf(() => addModel(db, { ...model, id: 'model-2', run: 'nowhere' }))).not.toBe('no error');
    expect(listModels(db)).toHaveLength(1);

    const map = {
      id: 'map-1',
      model: 'model-1',
      scene: 'inn',
      result: { map: 'map-1', out: 'maps/map-1.tif', width: 4, height: 3 },
      stale: false,
      created: '2026-11-23T10:00:00Z',
    } as unknown as Parameters<typeof addMap>[1];
    addMap(db, map);
    expect(getMap(db, 'map-1')).toEqual(map);
    expect(markStale(db, { scene: 'inn' })).toBe(1);
    expect(getMap(db, 'map-1').stale).toBe(true);

    const assessment = {
      id: 'a-1',
      map: 'map-1',
      result: { oa: 0.8 },
      created: '2026-11-23T10:00:00Z',
    } as unknown as Parameters<typeof addAssessment>[1];
    addAssessment(db, assessment);
    expect(getAssessment(db, 'a-1')).toEqual(assessment);
    removeMap(db, 'map-1');
    expect(listMaps(db)).toEqual([]);
    expect(listAssessments(db)).toEqual([]);
  });

  it('says that runs were interrupted when their process is gone', () => {
    const store = tmpProject();
    const db = store.writable();
    addRun(db, { id: 'mine', kind: 'pretrain', method: 'vicreg', params: {}, seed: 0 }, store.clock);
    addRun(db, { id: 'dead', kind: 'pretrain', method: 'vicreg', params: {}, seed: 0 }, store.clock);
    // Beyond the largest process id that Linux gives out.
    changeRun(db, 'dead', { state: 'running', pid: 2 ** 22 + 1 });
    store.dispose();
    const again = openProject(store.folder, { mode: 'write' });
    expect(getRun(again.db, 'mine').state).toBe('queued');
    expect(getRun(again.db, 'dead')).toMatchObject({ state: 'interrupted' });
    expect(getRun(again.db, 'dead').reason).toContain(String(2 ** 22 + 1));
    again.dispose();
  });

  it('does not write over a project, nor take any folder for one', () => {
    const store = tmpProject();
    expect(codeOf(() => createProject(store.folder, { name: 'again' }))).toBe('exists');
    expect(codeOf(() => openProject('/tmp/no-such.swath', { mode: 'write' }))).toBe('not-found');
    expect(existsSync('/tmp/no-such.swath')).toBe(false);
    const file = join(tmpFolder(), 'file');
    writeFileSync(file, 'a file in the place of the folder');
    for (const path of [file, join(file, 'inside.swath')]) {
      expect(codeOf(() => createProject(path, { name: 'x' }))).toBe('bad-input');
    }
  });
});
