import type { Scene } from '../../electron/contract/scene.ts';
import { channelRanges, type SceneView } from '../state/layers.svelte.ts';
import { ramps } from '../state/ramps.ts';
import { indicesOf } from '../state/sceneIndex.ts';
import type { SceneLook } from './sceneLayer.ts';

/** How a scene is drawn, from how the user wants to see it. An index that the scene has not is left out. */
export function lookOf(scene: Scene, view: SceneView, edition = 0): SceneLook {
  const shown = view.index ? indicesOf(scene).find(({ index }) => index.id === view.index?.id) : undefined;
  return {
    bands: view.bands,
    scale: view.scale,
    gamma: view.gamma,
    edition,
    ranges: channelRanges(scene, view),
    index: shown && view.index ? { shown, range: view.index.range, colors: ramps[view.index.ramp] } : null,
  };
}
