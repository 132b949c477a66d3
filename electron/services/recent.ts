import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../base/log.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';

const recentSchema = z.array(z.object({ path: z.string(), name: z.string(), opened: z.string() }));
export type RecentProject = z.infer<typeof recentSchema>[number];

const most = 12;
const fileIn = (appData: string) => join(appData, 'recent.json');

/** The projects opened last, the latest first. A list that is missing or damaged is an empty one. */
export function readRecent(appData: string): RecentProject[] {
  try {
    const parsed = recentSchema.safeParse(JSON.parse(readFileSync(fileIn(appData), 'utf8')));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
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
