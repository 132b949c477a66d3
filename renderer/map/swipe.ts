import type BaseLayer from 'ol/layer/Base.js';
import type OlMap from 'ol/Map.js';
import type RenderEvent from 'ol/render/Event.js';

/** Draws a layer only left of a share of the map's width, with WebGL's scissors or the canvas' clip. */
export function clipAtSwipe(map: OlMap, layer: BaseLayer, share: () => number | null): void {
  layer.addEventListener('prerender', (event) => {
    const at = share();
    const size = map.getSize();
    const context = (event as RenderEvent).context;
    if (at === null || !size || !context) return;
    if (isWebGl(context)) {
      const { width, height } = context.canvas;
      context.enable(context.SCISSOR_TEST);
      context.scissor(0, 0, Math.round(width * at), height);
    } else {
      const canvas = context as CanvasRenderingContext2D;
      canvas.save();
      canvas.beginPath();
      canvas.rect(0, 0, canvas.canvas.width * at, canvas.canvas.height);
      canvas.clip();
    }
  });
  layer.addEventListener('postrender', (event) => {
    const context = (event as RenderEvent).context;
    if (share() === null || !context) return;
    if (isWebGl(context)) context.disable(context.SCISSOR_TEST);
    else (context as CanvasRenderingContext2D).restore();
  });
}

function isWebGl(context: unknown): context is WebGLRenderingContext {
  return typeof context === 'object' && context !== null && 'scissor' in context;
}
