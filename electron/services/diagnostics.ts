import { availableParallelism, freemem, hostname, release, totalmem, userInfo } from 'node:os';
import { isoTime } from '../base/clock.ts';
import type { Preferences } from '../contract/catalog/preferences.ts';
import type { Diagnostics } from '../contract/project.ts';
import { listFields } from '../store/fields.ts';
import { listMaps } from '../store/maps.ts';
import { listModels } from '../store/models.ts';
import { listRegions } from '../store/regions.ts';
import { listRuns } from '../store/runs.ts';
import { listScenes } from '../store/scenes.ts';
import type { Context } from './context.ts';
import { withoutPaths } from './withoutPaths.ts';

/** What a person who helps needs to know, as text to send: machine, settings, counts, failures, log. No paths, no names. */
export function diagnose(ctx: Context, preferences: Preferences): Diagnostics {
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const { options } = ctx;
  const sections: [string, readonly string[]][] = [
    [
      'Swath',
      [
        `version ${options.version}, host ${options.capabilities.host}, written ${isoTime(ctx.clock)}`,
        `${process.platform} ${process.arch} ${release()}, ${versions()}`,
        `${availableParallelism()} cores, ${gigabytes(totalmem())} of memory, ${gigabytes(freemem())} free`,
        `this process takes ${gigabytes(process.memoryUsage.rss())}`,
      ],
    ],
    ['Settings', [JSON.stringify(preferences)]],
    ['Project', projectFacts(ctx)],
    ['Failed runs', failures(ctx)],
    ['Log', options.recentLog?.() ?? ['This host keeps none.']],
  ];
  const text = sections.map(([title, lines]) => `# ${title}\n${lines.join('\n')}\n`).join('\n');
  return { text: withoutPaths(text, [userName(), hostname()]) };
}

function versions(): string {
  const { electron, node } = process.versions as Record<string, string | undefined>;
  return electron ? `Electron ${electron} (Node ${node})` : `Node ${node}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list has no name to hide.
    return '';
  }
}

function projectFacts(ctx: Context): string[] {
  if (!ctx.opened) return ['none open'];
  const { store } = ctx.opened;
  const scenes = listScenes(store.db).map(
    (s) =>
      `scene: ${s.width} × ${s.height} × ${s.bands.length}, ${s.sensor ?? 'no sensor'}, ${s.files.length} files`,
  );
  return [
    `open to ${store.mode}`,
    ...scenes,
    `${listRegions(store.db).length} regions, ${listFields(store.db).length} fields, ` +
      `${listModels(store.db).length} models, ${listMaps(store.db).length} maps`,
  ];
}

function failures(ctx: Context): string[] {
  if (!ctx.opened) return [];
  const failed = listRuns(ctx.opened.store.db).filter((run) => run.state === 'failed');
  if (failed.length === 0) return ['none'];
  return failed
    .slice(0, 10)
    .map((run) => `${run.kind} ${run.method ?? ''} ${run.ended ?? ''}: ${run.error?.code}: ${run.reason}`);
}
