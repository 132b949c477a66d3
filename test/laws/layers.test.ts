import { describe, expect, it } from 'vitest';
import { exceptions, laws, roomOf } from './rooms.ts';
import { packageOf, readSources, resolveImport } from './sources.ts';

const sources = readSources(['electron', 'renderer']);

describe('imports go down only', () => {
  it('finds the sources and their imports', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(200);
  });

  it('keeps every file in a room of the table', () => {
    expect(sources.filter((source) => !roomOf(source.path)).map((source) => source.path)).toEqual([]);
  });

  it('lets a room import only what its law names', () => {
    const broken: string[] = [];
    for (const source of sources) {
      const room = roomOf(source.path);
      const law = room === undefined ? undefined : laws[room];
      if (!room || !law || source.path in exceptions) continue;
      for (const { from } of source.imports) {
        const target = resolveImport(source, from);
        if (target === undefined) {
          if (!law.packages.includes(packageOf(from))) {
            broken.push(`${source.path}: the package ${packageOf(from)} does not belong in ${room}`);
          }
        } else {
          const other = roomOf(target);
          const allowed =
            target.endsWith('package.json') ||
            (target.startsWith('resources/') && room !== 'electron/base') ||
            (other !== undefined &&
              (other === room || law.rooms.some((name) => other === name || other.startsWith(`${name}/`))));
          if (!allowed)
            broken.push(`${source.path}: ${room} may not import ${target} (${other ?? 'no room'})`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  it('keeps the two GUI hosts apart, and sources away from tests', () => {
    const broken = sources.flatMap((source) =>
      source.imports
        .map(({ from }) => resolveImport(source, from))
        .filter((target): target is string => target !== undefined)
        .filter(
          (target) =>
            target.startsWith('test/') ||
            (source.path.startsWith('electron/hosts/web/') &&
              target.startsWith('electron/hosts/electron/')) ||
            (source.path.startsWith('electron/hosts/electron/') && target.startsWith('electron/hosts/web/')),
        )
        .map((target) => `${source.path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

describe('no cycles', () => {
  it('has none among files', () => {
    const graph = new Map(
      sources.map((source) => [
        source.path,
        source.imports
          .filter(({ type }) => !type)
          .map(({ from }) => resolveImport(source, from))
          .filter((target): target is string => target !== undefined),
      ]),
    );
    const state = new Map<string, 'open' | 'closed'>();
    const cycles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'closed') return;
      if (state.get(path) === 'open') {
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
        return;
      }
      state.set(path, 'open');
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      state.set(path, 'closed');
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});
