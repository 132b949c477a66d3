/** What a user sets for all projects on this machine, with what holds until then. */
import { z } from 'zod';
import { keyChoiceSchema } from './keys.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const languages = ['system', 'en', 'de'] as const;
export type Language = (typeof languages)[number];
export const densities = ['comfortable', 'compact'] as const;
/** What closing the window means while something runs. */
export const closings = ['ask', 'tray', 'quit'] as const;

export const preferencesSchema = z.object({
  theme: z.enum(themes).default('system'),
  language: z.enum(languages).default('system'),
  density: z.enum(densities).default('comfortable'),
  /** Only what differs from the table of keys. */
  keys: keyChoiceSchema.default({}),
  onClose: z.enum(closings).default('ask'),
  /** A desktop notification when a job has ended and the window is not in front. */
  notify: z.boolean().default(true),
  /** Where to look for a newer version: a folder of the office's network or a USB stick. Never asked by itself. */
  updateFolder: z.string().trim().min(1).max(4096).nullable().default(null),
});
export type Preferences = z.output<typeof preferencesSchema>;

/** A change names what it changes; nothing else is touched. */
export const preferencesChangeSchema = z
  .object({
    theme: preferencesSchema.shape.theme.unwrap(),
    language: preferencesSchema.shape.language.unwrap(),
    density: preferencesSchema.shape.density.unwrap(),
    keys: preferencesSchema.shape.keys.unwrap(),
    onClose: preferencesSchema.shape.onClose.unwrap(),
    notify: preferencesSchema.shape.notify.unwrap(),
    updateFolder: preferencesSchema.shape.updateFolder.unwrap(),
  })
  .partial()
  .strict();

export const defaultPreferences: Preferences = preferencesSchema.parse({});

/** What `settings.get` answers. */
export interface Settings {
  readonly values: Preferences;
  /** Why the file of an earlier session could not be used, and where it was kept; null when all is well. */
  readonly problem: string | null;
}

/** Sound values from anything: what is not valid is as it is by default, and is named. */
export function readPreferences(found: unknown): { values: Preferences; invalid: readonly string[] } {
  const whole = preferencesSchema.safeParse(found);
  if (whole.success) return { values: whole.data, invalid: [] };
  const entries = found !== null && typeof found === 'object' ? (found as Record<string, unknown>) : {};
  const invalid = Object.keys(preferencesSchema.shape).filter((key) => {
    const part = preferencesSchema.shape[key as keyof Preferences];
    return !part.safeParse(entries[key]).success;
  });
  const sound = Object.fromEntries(Object.entries(entries).filter(([key]) => !invalid.includes(key)));
  return { values: preferencesSchema.parse(sound), invalid };
}
