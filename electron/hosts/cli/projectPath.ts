import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { userPath } from './arguments.ts';

/** The project a user means: the folder named, or the same with `.swath` where only that is there. */
export function projectPath(word: string): string {
  const path = userPath(word);
  const suffixed = `${path}.swath`;
  return !existsSync(join(path, 'project.gpkg')) && existsSync(join(suffixed, 'project.gpkg'))
    ? suffixed
    : path;
}
