import { readFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';
import type { Log } from '../../base/log.ts';
import { writeFileAtomic } from '../../disk/atomicWrite.ts';

export const smallest = { width: 1024, height: 700 } as const;
const standard = { width: 1440, height: 900 } as const;

const schema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});
export type WindowState = z.output<typeof schema>;

/** Where the window is opened: `x` and `y` only when they are known to be on a screen. */
export interface Placement {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

/** What was kept; undefined when there is nothing, or nothing that can be read. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

export function keepWindowState(file: string, state: WindowState, log: Log): void {
  try {
    writeFileAtomic(file, `${JSON.stringify(state)}\n`);
  } catch (error) {
    log('warn', 'The place of the window could not be kept', { error: String(error) });
  }
}

/**
 * The kept place where it still makes sense: a screen may have been unplugged since. The title bar must lie on one of
 * `screens`, and the window is no larger than that screen.
 */
export function placeWindow(kept: WindowState | undefined, screens: readonly Rectangle[]): Placement {
  if (!kept) return { ...standard, maximized: false };
  const screen = screens.find((s) => {
    const across = Math.min(kept.x + kept.width, s.x + s.width) - Math.max(kept.x, s.x);
    return across >= 200 && kept.y >= s.y && kept.y <= s.y + s.height - 40;
  });
  if (!screen) return { ...standard, maximized: kept.maximized };
  return {
    x: kept.x,
    y: kept.y,
    width: Math.max(smallest.width, Math.min(kept.width, screen.width)),
    height: Math.max(smallest.height, Math.min(kept.height, screen.height)),
    maximized: kept.maximized,
  };
}
