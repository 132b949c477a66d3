import type { Scene } from '../../electron/contract/scene.ts';
import type { BytesUrl } from '../state/fetchBytes.ts';
import type { LayerLook } from '../state/layers.svelte.ts';
import type { Overlay } from '../state/overlays.ts';
import { createChannelLayer } from './channelLayer.ts';
import { type CodeColors, createCodeLayer, overlayColors } from './codeLayer.ts';
import type { RasterEntry } from './rasterStack.ts';
import { createSceneLayer, type RasterHandle, type SceneLook } from './sceneLayer.ts';

/** The raster layers of one pane as entries of its stack, and the way to change how those on the map look. */
export function createPaneRasters(url: BytesUrl, onError: (error: unknown) => void) {
  const scenes = new Map<string, RasterHandle<SceneLook>>();
  const classes = new Map<string, RasterHandle<CodeColors>>();
  return {
    sceneEntry(scene: Scene, shown: LayerLook, look: () => SceneLook): RasterEntry {
      return {
        id: `scene:${scene.id}`,
        ...shown,
        swiped: false,
        create: (projection) => {
          const handle = createSceneLayer(scene, projection, url, look(), onError);
          scenes.set(scene.id, handle);
          return handle.layer;
        },
      };
    },
    overlayEntry(
      overlay: Overlay,
      under: Scene,
      shown: LayerLook,
      colors: () => CodeColors,
      onTileError: (error: unknown) => void,
    ): RasterEntry {
      return {
        // Another version has other tiles: it is another layer.
        id: `${overlay.id} ${overlay.version}`,
        ...shown,
        swiped: true,
        create: (projection) => {
          if (overlay.paint === 'channels')
            return createChannelLayer(overlay, under, projection, url, onTileError).layer;
          const painted = overlayColors(overlay.paint, colors());
          const handle = createCodeLayer(overlay, under, projection, url, painted, onTileError);
          if (overlay.paint === 'classes') classes.set(overlay.id, handle);
          return handle.layer;
        },
      };
    },
    setSceneLook: (id: string, look: SceneLook) => scenes.get(id)?.setLook(look),
    setColors(colors: CodeColors) {
      for (const handle of classes.values()) handle.setLook(colors);
    },
    clear() {
      scenes.clear();
      classes.clear();
    },
  };
}
