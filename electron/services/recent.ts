import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../base/log.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  readonly opened: string;
}

const most = 12;
const fileIn = (appData: string) => join(appData, 'recent.json');

/** The projects opened last, the latest first. A list that is missing or damaged is an empty one. */
export function readRecent(appData: string): RecentProject[] {
  try {
    const list: unknown = JSON.parse(readFileSync(fileIn(appData), 'utf8'));
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch {
    return [];
  }
}

function isRecent(value: unknown): value is RecentProject {
  const entry = value as Partial<Record<keyof RecentProject, unknown>> | null;
  return [entry?.path, entry?.name, entry?.opened].every((part) => typeof part === 'string');
}

/** Puts a project at the head of the list. A list that cannot be kept is no reason not to open the project. */
export function rememberProject(appData: string, project: RecentProject, log: Log): void {
  const others = readRecent(appData).filter((entry) => entry.path !== project.path);
  try {
    mkdirSync(appData, { recursive: true });
    writeFileAtomic(fileIn(appData), `${JSON.stringify([project, ...others].slice(0, most), null, 2)}\n`);
  } catch (error) {
    log('warn', 'The list of recent projects could not be written', { error: String(error) });
  }
}
