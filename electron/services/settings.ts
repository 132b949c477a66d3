import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, isoTime } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import {
  defaultPreferences,
  type Preferences,
  readPreferences,
  type Settings,
} from '../contract/catalog/preferences.ts';
import { writeFileAtomic } from '../disk/atomicWrite.ts';

/** Raised when a file of this version means something else than before. */
const version = 1;

export interface SettingsFile {
  get(): Settings;
  /** Writes the file, then answers. Errors: `read-only`, `disk-full`; nothing has changed then. */
  change(change: { readonly [K in keyof Preferences]?: Preferences[K] | undefined }): Settings;
}

/**
 * The user's settings, one validated file in the app's folder. A file that is damaged, or holds something invalid, is
 * kept aside under another name and said; what was sound in it is used.
 */
export function openSettings(appData: string, clock: Clock, log: Log): SettingsFile {
  const path = join(appData, 'settings.json');
  let current = read(path, clock, log);
  return {
    get: () => current,
    change(change) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const values: Preferences = { ...current.values, ...given };
      mkdirSync(appData, { recursive: true });
      writeFileAtomic(path, `${JSON.stringify({ version, ...values }, null, 2)}\n`);
      current = { values, problem: null };
      return current;
    },
  };
}

function read(path: string, clock: Clock, log: Log): Settings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return { values: defaultPreferences, problem: null };
    log('warn', 'The settings could not be read', { error: String(error) });
    return { values: defaultPreferences, problem: `The settings could not be read: ${path}.` };
  }
  const found = parse(text);
  const { values, invalid } = readPreferences(found);
  if (found !== undefined && invalid.length === 0) return { values, problem: null };
  const kept = `${path.replace(/\.json$/, '')}.damaged-${isoTime(clock).replaceAll(/[:.]/g, '-')}.json`;
  try {
    renameSync(path, kept);
  } catch (error) {
    log('warn', 'The damaged settings could not be kept aside', { error: String(error) });
  }
  const what = found === undefined ? 'is damaged' : `holds something invalid (${invalid.join(', ')})`;
  const problem = `The settings file ${what}. It was kept as ${kept}; what was sound in it is in use.`;
  log('warn', problem);
  return { values, problem };
}

/** The object in the file; undefined when there is none. */
function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
