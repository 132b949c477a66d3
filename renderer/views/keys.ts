import type { MapDoor } from '../map/mapHandle.ts';
import type { App } from '../state/app.svelte.ts';
import { lookId } from '../state/layers.svelte.ts';
import { takeWand } from '../state/takeWand.ts';
import type { Tool } from '../state/window.svelte.ts';
import { t } from '../texts/texts.ts';
import { chordOf } from './chords.ts';
import { actionsOf } from './commands.ts';
import { isTextField } from './textField.ts';

const drawingTools: readonly Tool[] = ['polygon', 'rectangle', 'freehand', 'measure', 'split'];

/** The keyboard of the window, by the user's own keys. What is typed into a form belongs to the form. */
export function createKeys(app: App, door: MapDoor) {
  const actions = actionsOf(app, door);
  /** What is hidden while a key is held: the layer, and the key. */
  let peeking: { readonly layer: string; readonly code: string } | null = null;

  /** The wand proposes until its area is taken or given up. */
  function wand(event: KeyboardEvent): boolean {
    if (app.window.tool !== 'wand' || !app.wand.proposal) return false;
    if (event.key === 'Enter') return takeWand(app);
    if (event.key !== 'Escape') return false;
    app.wand.drop();
    return true;
  }

  function drawing(event: KeyboardEvent): boolean {
    if (wand(event)) return true;
    if (!drawingTools.includes(app.window.tool)) return false;
    if (event.key === 'Backspace') door.handle?.removeLastPoint();
    else if (event.key === 'Enter') return door.handle?.finish() ?? false;
    else if (event.key === 'Escape') {
      // First what is being drawn, then the tool.
      if (!door.handle?.abort()) app.window.tool = 'identify';
    } else return false;
    return true;
  }

  function peek(code: string): boolean {
    const shown = app.maps.active;
    if (!app.project.current || peeking || !shown || !app.look(`map:${shown.id}`).visible) return false;
    peeking = { layer: lookId(`map:${shown.id}`, app.window.stage), code };
    app.layers.setLook(peeking.layer, { visible: false });
    return true;
  }

  function command(chord: string, event: KeyboardEvent): boolean {
    const id = app.settings.byChord.get(chord);
    if (id === undefined) return false;
    if (id === 'peek') return peek(event.code);
    const action = actions[id];
    if (!(action.available?.() ?? true) || !(action.here?.() ?? true)) return false;
    action.run();
    return true;
  }

  /** The class of a key comes into the hand; fields that are selected to be edited get it. */
  function pickClass(key: string): boolean {
    const picked = app.labels.pickByKey(key);
    const { selected } = app.labels;
    if (picked && app.window.tool === 'edit' && selected.length > 0)
      void app.notices.attempt(t.labels.painting, () =>
        app.labels.change(selected, { classCode: picked.code }),
      );
    return picked !== undefined;
  }

  /** Keys that are the same for everybody. */
  function fixed(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') {
      app.window.tool = 'identify';
      app.labels.selected = [];
      return true;
    }
    return app.window.stage === 'label' && pickClass(event.key);
  }

  return {
    down(event: KeyboardEvent) {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const chord = chordOf(event);
      if (chord === null) return;
      if (isTextField(event.target)) {
        const id = app.settings.byChord.get(chord);
        // The field's own undo, and everything that writes, is the field's.
        if (!/^(Mod|Alt)\+/.test(chord) || id === 'undo' || id === 'redo') return;
        if (command(chord, event)) event.preventDefault();
        return;
      }
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if ((plain && drawing(event)) || command(chord, event) || (plain && fixed(event)))
        event.preventDefault();
    },
    up(event: KeyboardEvent) {
      if (event.code !== peeking?.code) return;
      app.layers.setLook(peeking.layer, { visible: true });
      peeking = null;
    },
  };
}
