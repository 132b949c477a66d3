import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../electron/hosts/cli/commands.ts';
import { laws } from './rooms.ts';
import { packageOf, readSources, root } from './sources.ts';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

const sources = readSources(['electron', 'renderer']);

/** Longer than the law allows, each with its reason. This list may only shrink. */
const longFiles: Readonly<Record<string, string>> = {};

describe('the house', () => {
  it('has exactly the top level of the design', () => {
    const allowed = new Set(
      'package.json package-lock.json tsconfig.json electron renderer resources test electron-builder.yml README.md LICENSE CHANGELOG.md'.split(
        ' ',
      ),
    );
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
    const top = new Set(tracked.map((path) => path.split('/')[0] as string));
    expect([...top].filter((name) => !name.startsWith('.') && !allowed.has(name))).toEqual([]);
  });

  it('has a README of at most one screen in every room', () => {
    const rooms = Object.keys(laws).filter(
      (room) => existsSync(join(root, room)) && room !== 'renderer/texts',
    );
    const missing = rooms.filter((room) => !existsSync(join(root, room, 'README.md')));
    expect(missing).toEqual([]);
    const long = rooms.filter(
      (room) => readFileSync(join(root, room, 'README.md'), 'utf8').split('\n').length > 80,
    );
    expect(long).toEqual([]);
  });

  it('keeps files small', () => {
    const long = sources
      .filter(({ path, lines }) => lines > 400 && !(path in longFiles))
      .map(({ path, lines }) => `${path} (${lines} lines): perhaps two ideas`);
    expect(long).toEqual([]);
  });

  it('has no folder or file named for nothing in particular', () => {
    const vague = sources
      .filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.)/.test(path))
      .map(({ path }) => path);
    expect(vague).toEqual([]);
  });

  it('reads clock, randomness and environment only where the law says', () => {
    const broken = sources
      .filter(
        ({ path }) =>
          !path.startsWith('electron/base/') &&
          !path.startsWith('electron/hosts/') &&
          !path.startsWith('renderer/'),
      )
      .filter(({ text }) => /Math\.random\(|Date\.now\(|new Date\(\)|process\.env/.test(text))
      .map(({ path }) => path);
    expect(broken).toEqual([]);
  });

  it('tests what another program says only where that program is', () => {
    const asks = /execFileSync\(\s*'(gdal|ogr|\/usr\/bin\/python)|\b(gdal|ogr|runPython)(<[^>]*>)?\(/;
    const offences = readSources(['test'])
      .filter(({ path, text }) => path.endsWith('.test.ts') && asks.test(text))
      .filter(({ text }) => !/skipIf\(/.test(text) && !/if \(!?(has|can)/.test(text))
      .map(({ path }) => path);
    expect(offences).toEqual([]);
  });

  it('silences no checker', () => {
    const silenced = sources
      .filter(({ text }) => /@ts-(ignore|nocheck|expect-error)/.test(text))
      .map(({ path }) => path);
    expect(silenced).toEqual([]);
  });
});

describe('packages', () => {
  it('are all used, in the rooms that the law names', () => {
    const used = new Set(sources.flatMap(({ imports }) => imports.map(({ from }) => packageOf(from))));
    const unused = Object.keys(manifest.dependencies).filter((name) => !used.has(name));
    expect(unused).toEqual([]);
  });

  it('are declared where they are imported', () => {
    const declared = new Set([
      'node:',
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.optionalDependencies),
      ...Object.keys(manifest.devDependencies),
    ]);
    const undeclared = sources
      .flatMap(({ path, imports }) => imports.map(({ from }) => ({ path, from })))
      .filter(({ from }) => !from.startsWith('.') && !declared.has(packageOf(from)))
      .map(({ path, from }) => `${path}: ${from}`);
    expect(undeclared).toEqual([]);
  });
});

describe('the lockfile', () => {
  it('names every optional package, so that `npm ci` works on every platform', () => {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<
        string,
        { version?: string; optionalDependencies?: Record<string, string>; resolved?: string }
      >;
    };
    const missing = Object.values(packages)
      .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
      .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

describe('documents', () => {
  const readmes = [
    'README.md',
    ...readdirSync(join(root, 'electron')).map((room) => `electron/${room}/README.md`),
    'electron/README.md',
    'renderer/README.md',
    'test/README.md',
  ].filter((path) => existsSync(join(root, path)));

  it('name only scripts that exist', () => {
    const missing = readmes.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/npm (?:run (?:-s )?)([\w:-]+)/g)]
        .map((match) => match[1] as string)
        .filter((script) => !(script in manifest.scripts))
        .map((script) => `${path}: npm run ${script}`),
    );
    expect(missing).toEqual([]);
  });

  it('name only commands that the command line has', () => {
    const known = new Set(commands.map(({ name }) => name));
    const missing = readmes.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/swath -- ([a-z][a-z-]*)(?: ([a-z-]+))?/g)]
        .map((match) => [match[1] as string, match[2]] as const)
        .filter(([first, second]) => !known.has(first) && !known.has(`${first} ${second}`))
        .map((words) => `${path}: swath ${words.join(' ')}`),
    );
    expect(missing).toEqual([]);
  });

  it('link only to files that exist', () => {
    const dead = readmes.flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
        .map((match) => match[1] as string)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !existsSync(join(root, path, '..', link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(dead).toEqual([]);
  });

  it('start with the two commands', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    expect(text).toContain('npm start');
    expect(text).toContain('npm test');
    expect(statSync(join(root, 'README.md')).size).toBeGreaterThan(1000);
  });
});
