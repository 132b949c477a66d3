import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, matchesGlob, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLayout } from '../../../electron/hosts/electron/afterPack.mjs';
import listUpdates from '../../../electron/hosts/electron/listUpdates.mjs';
import { findUpdate } from '../../../electron/hosts/electron/updates.ts';
import { packageOf, readSources } from '../../laws/sources.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** The entries of a list in electron-builder.yml, as far as they are plain strings. */
function listed(name: string): string[] {
  const yaml = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
  const [, block = ''] = new RegExp(`^${name}:\\n((?: {2}.*\\n)+)`, 'm').exec(yaml) ?? [];
  return [...block.matchAll(/^ {2}- "?([^"\n]+)"?$/gm)].map((match) => match[1] as string);
}

/** A packed app in miniature: a worker that imports `imports`, and packages by name with what they depend on. */
function packed(imports: string, packages: Record<string, Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'swath-packed-'));
  mkdirSync(join(folder, 'dist', 'electron'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'electron', 'worker.js'), imports);
  for (const [name, dependencies] of Object.entries(packages)) {
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ name, main: 'index.js', dependencies }));
    writeFileSync(join(home, 'index.js'), `module.exports = '${name}';`);
  }
  return folder;
}

describe('the packed layout', () => {
  it('is refused without the worker, without a module, and without what a module needs', async () => {
    await expect(checkLayout(mkdtempSync(join(tmpdir(), 'swath-packed-')))).rejects.toThrow(
      /worker is not in the package/,
    );
    await expect(checkLayout(packed('import a from "apple";'))).rejects.toThrow(/cannot find apple/);
    const lacking = packed('import a from "apple";', { apple: { pip: '1' } });
    await expect(checkLayout(lacking)).rejects.toThrow(/cannot find pip, needed by .*apple/);
  });

  it('is accepted when the closure is whole; TensorFlow may be missing', async () => {
    const worker = 'import a from "apple";\nimport "node:fs";\nawait import("@tensorflow/tfjs-node-gpu");';
    const whole = packed(worker, { apple: { pip: '1' }, pip: {} });
    expect(await checkLayout(whole)).toEqual(['apple']);
  });

  it('names a module whose files are there but do not load', async () => {
    const folder = packed('import a from "apple";', { apple: {} });
    writeFileSync(join(folder, 'node_modules', 'apple', 'index.js'), 'throw new Error("wrong binary");');
    await expect(checkLayout(folder)).rejects.toThrow(/wrong binary/);
    expect(await checkLayout(folder, false)).toEqual(['apple']);
  });
});

describe('electron-builder.yml', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const inside = /^electron\/(?!hosts\/(cli|web)\/)/;
  const needed = new Set(
    readSources(['electron'])
      .filter(({ path }) => inside.test(path))
      .flatMap(({ imports }) => imports.filter(({ type }) => !type).map(({ from }) => packageOf(from)))
      .filter((name) => !name.startsWith('.') && !['node:', 'electron', 'vite'].includes(name)),
  );
  const optional = (name: string) => /^@tensorflow\/tfjs-node/.test(name);

  it('packs everything that main process and worker import', () => {
    const missing = [...needed].filter((name) => !optional(name) && !(name in dependencies));
    expect(needed.size).toBeGreaterThan(8);
    expect(missing).toEqual([]);
  });

  it('leaves none of it in the archive, nor out of the package', () => {
    const unpacked = listed('asarUnpack');
    const left = listed('files')
      .filter((pattern) => pattern.startsWith('!'))
      .map((pattern) => pattern.slice(1));
    for (const name of [...needed].filter((n) => !optional(n))) {
      const file = `node_modules/${name}/package.json`;
      expect(
        unpacked.some((pattern) => matchesGlob(file, pattern)),
        `${name} is unpacked`,
      ).toBe(true);
      expect(
        left.some((pattern) => matchesGlob(file, pattern)),
        `${name} is left out`,
      ).toBe(false);
    }
    expect(unpacked.some((pattern) => matchesGlob('dist/electron/worker.js', pattern))).toBe(true);
    expect(left.some((p) => matchesGlob('node_modules/@tensorflow/tfjs-node-gpu/package.json', p))).toBe(
      true,
    );
  });
});

it('writes the list that a newer version is found by', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'swath-made-'));
  const names = [
    'Swath-0.1.0-linux-x86_64.AppImage',
    'Swath-0.1.0-linux-amd64.deb',
    'Swath-0.1.0-win-x64.exe',
  ];
  for (const name of names) writeFileSync(join(folder, name), name);
  listUpdates({ outDir: folder, artifactPaths: names.map((name) => join(folder, name)) });
  const share = mkdtempSync(join(tmpdir(), 'swath-share-'));
  cpSync(folder, share, { recursive: true });
  expect(await findUpdate(share, { version: '0.0.9', platform: 'linux', arch: 'x64' })).toEqual({
    version: '0.1.0',
    installer: join(share, 'Swath-0.1.0-linux-x86_64.AppImage'),
  });
});
