import type { Scene } from '../../electron/contract/scene.ts';

interface SceneList {
  readonly list: readonly Scene[];
  readonly active: Scene | null;
}

/** Scenes with a date that can be shown at one place, the earliest first; empty when there are fewer than two. */
export function datedScenes({ list, active }: SceneList): readonly Scene[] {
  const dated = list
    .filter((s) => s.date !== null && (s.crs !== null) === ((active?.crs ?? null) !== null))
    .sort((a, b) => (a.date ?? '').localeCompare(b.date ?? ''));
  return dated.length > 1 ? dated : [];
}

/** The scene of the date before (−1) or after (1) the active one, or null at the end. */
export function stepInTime(scenes: SceneList, step: 1 | -1): Scene | null {
  const dated = datedScenes(scenes);
  const at = dated.findIndex((s) => s.id === scenes.active?.id);
  return at < 0 ? (dated[step === 1 ? 0 : dated.length - 1] ?? null) : (dated[at + step] ?? null);
}
