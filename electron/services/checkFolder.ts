import { existsSync } from 'node:fs';
import { AppError } from '../base/errors.ts';
import { fingerprint } from '../raster/fingerprint.ts';
import { type CheckReport, checkProject, type Finding } from '../store/check.ts';
import { openProject } from '../store/open.ts';
import { listScenes } from '../store/scenes.ts';
import { fromStored } from './opened.ts';

export type { CheckReport };

/**
 * Verifies a project that is open nowhere, repairs what is derived, and compares the content of its rasters with what was
 * added. Errors: `not-found` for no project.
 */
export async function checkFolder(path: string): Promise<CheckReport> {
  const report = checkProject(path);
  const changed = await changedRasters(report);
  return { ...report, ok: report.ok && changed.length === 0, findings: [...report.findings, ...changed] };
}

/** Rasters of the size that they had, and of another content; those of another size are found already. */
async function changedRasters({ folder, findings }: CheckReport): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { id, file, taken } of scenesOf(folder)) {
    const told = findings.some(({ subject }) => subject === file);
    if (told || !existsSync(file) || (await fingerprint(file)) === taken) continue;
    found.push({
      subject: file,
      problem: `is not the file that was added, though it has its size (scene ${id})`,
      repaired: false,
      remedy: `Bring the file back, or relink scene ${id}: then it is measured anew, and what was made of it is marked.`,
    });
  }
  return found;
}

/** None where the database cannot be read, which is a finding of its own. */
function scenesOf(folder: string): { id: string; file: string; taken: string }[] {
  try {
    const store = openProject(folder, { mode: 'read' });
    try {
      return listScenes(store.db).flatMap(({ id, files }) =>
        files.map((file) => ({ id, file: fromStored(folder, file.path), taken: file.fingerprint })),
      );
    } finally {
      store.dispose();
    }
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}
