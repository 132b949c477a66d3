import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Module names as written in import, export-from and dynamic import. `type` marks imports that vanish. */
  readonly imports: readonly { readonly from: string; readonly type: boolean }[];
}

const importPattern =
  /(?:^|\n|;)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|import\(\s*(?:\/\*[^*]*\*\/\s*)?['"]([^'"]+)['"]\s*\)/g;

/** Every source file below the folders, parsed for its imports. */
export function readSources(folders: readonly string[], extensions = /\.(ts|svelte|mjs)$/): Source[] {
  return folders.flatMap((folder) =>
    filesBelow(join(root, folder))
      .filter((file) => extensions.test(file))
      .map((file) => {
        const text = readFileSync(file, 'utf8');
        return {
          path: relative(root, file).replaceAll('\\', '/'),
          text,
          lines: text.split('\n').length - 1,
          imports: [...stripComments(text).matchAll(importPattern)].map((match) => ({
            from: match[2] ?? match[3] ?? '',
            type: match[1] !== undefined,
          })),
        };
      }),
  );
}

/** Imports quoted in a comment are not imports. */
function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** The repository path a relative import means; undefined for a package. */
export function resolveImport(source: Source, from: string): string | undefined {
  return from.startsWith('.')
    ? posix.normalize(posix.join(posix.dirname(source.path), from.replace(/\?.*$/, '')))
    : undefined;
}

/** `@scope/name` or `name` of an import; `node:` for Node's own. */
export function packageOf(from: string): string {
  if (from.startsWith('node:')) return 'node:';
  return from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
}
