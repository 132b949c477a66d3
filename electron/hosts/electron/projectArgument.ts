import { basename, dirname } from 'node:path';
import { markerName } from '../../contract/project.ts';

/**
 * The project folder among a command line's arguments: a `.swath` folder, or the `project.gpkg` or the file to be
 * double-clicked inside one.
 */
export function projectArgument(argv: readonly string[]): string | undefined {
  const found = argv.find((arg) => !arg.startsWith('-') && /\.swath[/\\]?$|project\.gpkg$/.test(arg));
  if (found === undefined) return undefined;
  return basename(found) === 'project.gpkg' || basename(found) === markerName ? dirname(found) : found;
}
