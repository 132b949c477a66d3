import { roles } from '../../electron/contract/labels.ts';
import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { lookId } from '../state/layers.svelte.ts';
import { stages, type Tool } from '../state/window.svelte.ts';
import { t } from '../texts/texts.ts';
import { redo, toggleMeasure, undo } from './commands.ts';

const toolKeys: Readonly<Record<string, Tool>> = {
  c: 'paint',
  p: 'polygon',
  r: 'rectangle',
  d: 'freehand',
  e: 'edit',
};

const drawingTools: readonly Tool[] = ['polygon', 'rectangle', 'freehand', 'measure'];

/** The keyboard of the workspace. Keys typed into a form belong to the form. */
export function createKeys(app: App, door: MapDoor) {
  /** What S hides while it is held. */
  let peeking: string | null = null;

  function history(event: KeyboardEvent): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    if (key === 'y' || (key === 'z' && event.shiftKey)) redo(app);
    else if (key === 'z') undo(app);
    else return false;
    return true;
  }

  function drawing(event: KeyboardEvent): boolean {
    if (!drawingTools.includes(app.window.tool)) return false;
    if (event.key === 'Backspace') door.handle?.removeLastPoint();
    else if (event.key === 'Enter') return door.handle?.finish() ?? false;
    else if (event.key === 'Escape') {
      // First what is being drawn, then the tool.
      if (!door.handle?.abort()) app.window.tool = 'identify';
    } else return false;
    return true;
  }

  function labelling(event: KeyboardEvent): boolean {
    const stage = app.window.stage;
    const tool = toolKeys[event.key.toLowerCase()];
    if (stage === 'regions' && (tool === 'polygon' || tool === 'rectangle' || tool === 'freehand'))
      app.window.tool = tool;
    else if (stage !== 'label') return false;
    else if (tool) app.window.tool = tool;
    else if (event.key.toLowerCase() === 't')
      app.labels.role = roles[(roles.indexOf(app.labels.role) + 1) % roles.length] ?? 'train';
    else if (event.key === 'Delete' && app.labels.selected.length > 0)
      void app.notices.attempt(t.labels.removingField, () => app.labels.remove(app.labels.selected));
    else return app.labels.pickByKey(event.key) !== undefined;
    return true;
  }

  function everywhere(event: KeyboardEvent): boolean {
    const scene = app.scenes.active;
    switch (event.key) {
      case '?':
        app.window.shortcutsOpen = true;
        return true;
      case '\\':
        app.window.setPanel(!app.window.panelOpen);
        return true;
      case 'Escape':
        app.window.tool = 'identify';
        app.labels.selected = [];
        return true;
      case 'm':
      case 'M':
        toggleMeasure(app);
        return true;
      case 'f':
      case 'F':
        if (scene) door.fit(scene.extent);
        return true;
      case 's':
      case 'S':
        peek();
        return true;
      default:
        return false;
    }
  }

  function peek() {
    const shown = app.maps.active;
    if (peeking || !shown || !app.look(`map:${shown.id}`).visible) return;
    peeking = lookId(`map:${shown.id}`, app.window.stage);
    app.layers.setLook(peeking, { visible: false });
  }

  return {
    down(event: KeyboardEvent) {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        app.window.paletteOpen = true;
        return event.preventDefault();
      }
      if (!isTyping(event) && history(event)) return event.preventDefault();
      if (event.altKey && !event.ctrlKey) {
        const stage = stages[Number(event.code.replace('Digit', '')) - 1];
        if (stage) {
          app.window.go(stage);
          event.preventDefault();
        }
        return;
      }
      if (isTyping(event) || event.ctrlKey || event.metaKey) return;
      if (drawing(event) || labelling(event) || everywhere(event)) event.preventDefault();
    },
    up(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 's' || !peeking) return;
      app.layers.setLook(peeking, { visible: true });
      peeking = null;
    },
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'color'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
