import { type CheckReport, checkProject } from '../store/check.ts';

export type { CheckReport };

/** Verifies a project that is open nowhere, and repairs what is derived. Errors: `not-found` for no project. */
export function checkFolder(path: string): CheckReport {
  return checkProject(path);
}
