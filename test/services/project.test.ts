import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { square } from '../support/labels.ts';
import { failure, testApp } from '../support/testApp.ts';

describe('projects', () => {
  it('are made once, opened, remembered, closed', async () => {
    const test = testApp();
    const path = join(test.folder, 'Farm.swath');
    const made = await test.client.call('project.create', { path });
    expect(made).toMatchObject({ path, name: 'Farm', writable: true, notice: null, extent: null });
    expect((await failure(test.client.call('project.create', { path }))).code).toBe('exists');
    await test.client.call('project.close', {});
    expect(await test.client.call('project.current', {})).toBeNull();
    expect((await failure(test.client.call('scenes.list', {}))).message).toContain('No project is open');
    await test.client.call('project.open', { path });
    const [recent] = await test.client.call('project.recent', {});
    expect(recent).toMatchObject({ path, name: 'Farm' });
  });

  it('forget a list of recent projects that is damaged', async () => {
    const test = testApp();
    mkdirSync(join(test.folder, 'data'));
    writeFileSync(join(test.folder, 'data', 'recent.json'), '[{"path":1}, {"pa');
    expect(await test.client.call('project.recent', {})).toEqual([]);
    await test.client.call('project.create', { path: join(test.folder, 'A.swath') });
    expect(await test.client.call('project.recent', {})).toHaveLength(1);
  });

  it('that another process writes are opened read-only, and every command says why', async () => {
    const path = join(testApp().folder, 'Shared.swath');
    const writer = testApp();
    await writer.client.call('project.create', { path });
    const reader = testApp();
    const opened = await reader.client.call('project.open', { path });
    expect(opened.writable).toBe(false);
    expect(opened.notice).toContain(`process ${process.pid}`);
    const refused = await failure(
      reader.client.call('fields.add', { fields: [{ geometry: square(0, 0), classCode: null }] }),
    );
    expect(refused.code).toBe('locked');
    expect((await failure(reader.client.call('history.undo', {}))).code).toBe('locked');
    expect(await reader.client.call('runs.list', {})).toEqual([]);
  });

  it('that are no projects, or damaged, are left as they are', async () => {
    const test = testApp();
    const empty = join(test.folder, 'empty');
    mkdirSync(empty);
    expect((await failure(test.client.call('project.open', { path: empty }))).code).toBe('not-found');
    const broken = join(test.folder, 'broken.swath');
    mkdirSync(broken);
    writeFileSync(join(broken, 'project.gpkg'), 'not a database'.repeat(20));
    expect((await failure(test.client.call('project.open', { path: broken }))).code).toBe('bad-input');
    expect(readdirSync(broken)).toEqual(['project.gpkg']);
  });

  it('cannot be made where a file stands, and then leave nothing', async () => {
    const test = testApp();
    const file = join(test.folder, 'file');
    writeFileSync(file, '');
    const error = await failure(test.client.call('project.create', { path: join(file, 'P.swath') }));
    expect(['bad-input', 'read-only', 'not-found']).toContain(error.code);
    expect(readdirSync(test.folder)).toEqual(['file']);
  });

  it('offers a sample that can be explored at once, and keeps what was done to it', async () => {
    const test = testApp();
    const sample = await test.client.call('project.sample', {});
    expect(sample).toMatchObject({ name: 'Sample: Flevoland', extent: [0, -736, 512, 0], crs: null });
    const [scene] = await test.client.call('scenes.list', {});
    expect(scene?.statistics?.bands).toHaveLength(9);
    expect(scene?.composites[0]).toMatchObject({ bands: [2, 3, 1] });
    expect((await test.client.call('classes.list', {})).map((c) => c.name)).toContain('Potatoes');
    const fields = await test.client.call('fields.list', {});
    expect(fields).toHaveLength(46);
    await test.client.call('fields.remove', { fields: [fields[0]?.id ?? ''] });
    await test.client.call('project.close', {});
    await test.client.call('project.sample', {});
    expect(await test.client.call('fields.list', {})).toHaveLength(45);
  });
});

describe('app.folder', () => {
  it('lists folders, projects and the files Swath reads', async () => {
    const test = testApp();
    await test.client.call('project.create', { path: join(test.folder, 'P.swath') });
    mkdirSync(join(test.folder, 'sub'));
    for (const name of ['a.tif', 'b.txt', '.hidden.tif']) writeFileSync(join(test.folder, name), 'x');
    copyFileSync(join(test.folder, 'a.tif'), join(test.folder, 'c.GPKG'));
    const { entries, parent } = await test.client.call('app.folder', { path: test.folder });
    expect(parent).not.toBeNull();
    const seen = entries.map(({ name, kind }) => `${kind} ${name}`);
    expect(seen).toContain('project P.swath');
    expect(seen).toContain('folder sub');
    expect(seen).toContain('file a.tif');
    expect(seen).toContain('file c.GPKG');
    expect(seen.some((line) => line.includes('b.txt') || line.includes('.hidden'))).toBe(false);
    expect(existsSync(join(test.folder, 'b.txt'))).toBe(true);
    expect((await failure(test.client.call('app.folder', { path: join(test.folder, 'no') }))).code).toBe(
      'not-found',
    );
  });
});
