import { t } from '../texts/texts.ts';
import type { App } from './app.svelte.ts';

/** The area that the wand proposes becomes a field. False when it proposes nothing. */
export function takeWand(app: App): boolean {
  const geometry = app.wand.take();
  if (geometry) void app.notices.attempt(t.labels.drawing, () => app.labels.draw(geometry, app.scenes.owner));
  return geometry !== null;
}
