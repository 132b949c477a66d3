import { Menu, nativeImage, Tray } from 'electron';
import type { NativeTexts } from './texts.ts';

export interface SwathTray {
  /** Appears with the number of jobs under way; again, with what has changed. */
  show(texts: NativeTexts, active: number): void;
  hide(): void;
}

/** The icon that stands for a closed window whose jobs go on. It exists only as long as the window is hidden. */
export function createTray(icon: string, actions: { open(): void; quit(): void }): SwathTray {
  let tray: Tray | undefined;
  return {
    show(texts, active) {
      if (!tray) {
        tray = new Tray(nativeImage.createFromPath(icon));
        tray.on('click', actions.open);
      }
      tray.setToolTip(active === 0 ? texts.idle : texts.running(active));
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: active === 0 ? texts.idle : texts.running(active), enabled: false },
          { type: 'separator' },
          { label: texts.show, click: actions.open },
          { label: texts.quit, click: actions.quit },
        ]),
      );
    },
    hide() {
      tray?.destroy();
      tray = undefined;
    },
  };
}
