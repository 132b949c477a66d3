import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/**
 * The text without personal paths: every absolute path becomes a short mark that is the same for the same path, and
 * keeps the ending, so that a report can still be read. User and machine names are left out wherever they stand.
 */
export function withoutPaths(text: string, names: readonly string[] = []): string {
  const paths = text
    // A quoted path may hold spaces.
    .replaceAll(
      /(["'‘“])((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]|\\\\)[^"'’”\n]*)(["'’”])/g,
      (_, a, path, b) => `${a}${mark(path)}${b}`,
    )
    // A space belongs to the path where the next word goes on with a separator.
    .replaceAll(
      /(?<![\w/<.:])(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\\\\|\/)(?:[^\s"'<>|:;,()[\]{}]| (?=[^\s"'<>|]*[\\/]))+/g,
      mark,
    );
  return names
    .filter((name) => name.length > 1)
    .reduce((kept, name) => kept.replaceAll(new RegExp(`\\b${literal(name)}\\b`, 'gi'), '<name>'), paths);
}

function mark(path: string): string {
  const clean = path.replace(/[.:]+$/, '');
  const rest = path.slice(clean.length);
  const ending = extname(clean.replaceAll('\\', '/'));
  const short = createHash('sha256').update(clean).digest('hex').slice(0, 6);
  return `<path ${short}${/^\.\w{1,8}$/.test(ending) ? ending : ''}>${rest}`;
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
