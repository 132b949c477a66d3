import './styles/tokens.css';
import './styles/base.css';
import { mount } from 'svelte';
import { createClient } from '../electron/contract/client.ts';
import { createBridgeTransport } from './api/bridgeTransport.ts';
import { createWebTransport } from './api/webTransport.ts';
import { App } from './state/app.svelte.ts';
import type { Memory } from './state/memory.ts';
import { t } from './texts/texts.ts';
import AppView from './views/App.svelte';
import { notifyEnd } from './views/notify.ts';

/** The browser's storage; a window that may not keep anything (private mode) forgets, and works. */
const memory: Memory = {
  get(key) {
    try {
      return localStorage.getItem(`swath.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`swath.${key}`, value);
    } catch {
      // Full or forbidden: the habit is lost, nothing else.
    }
  },
};

const bridge = window.swath;
const transport = bridge
  ? createBridgeTransport(bridge)
  : createWebTransport((state) => {
      app.connection = state;
    });
const app = new App(
  createClient(transport),
  memory,
  {
    get starting() {
      return t.shell.starting;
    },
    get reading() {
      return t.shell.reading;
    },
  },
  bridge ?? null,
);

// Electron tells of itself, from its main process.
if (!bridge)
  app.onEnded = (run) => {
    if (app.settings.values.notify) notifyEnd(run);
  };

// On a small window the card would lie on most of the map.
if (innerWidth < 1200 && memory.get('layersOpen') === null) app.window.layersOpen = false;

const target = document.getElementById('app');
if (target) mount(AppView, { target, props: { app } });
