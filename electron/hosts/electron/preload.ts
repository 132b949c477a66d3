/** All that the page sees of the outside: a few calls, the address of the byte doors, and the path of a dropped file. */
import type { IpcRendererEvent } from 'electron';
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { SwathBridge } from './bridge.ts';

function listen<T>(channel: string, listener: (message: T) => void): () => void {
  const relay = (_event: IpcRendererEvent, message: T) => listener(message);
  ipcRenderer.on(channel, relay);
  return () => ipcRenderer.off(channel, relay);
}

const bridge: SwathBridge = {
  invoke: (method, params) => ipcRenderer.invoke('swath:call', method, params),
  subscribe: (listener) => listen('swath:event', listener),
  onMenu: (listener) => listen('swath:menu', listener),
  onNotice: (listener) => listen('swath:notice', listener),
  checkUpdates: async () => {
    await ipcRenderer.invoke('swath:order', 'check-updates');
  },
  bytesBase: 'swath://app',
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  chooseFiles: (what) => ipcRenderer.invoke('swath:choose', what),
  savePdf: (report, name) => ipcRenderer.invoke('swath:pdf', report, name),
};

contextBridge.exposeInMainWorld('swath', bridge);
