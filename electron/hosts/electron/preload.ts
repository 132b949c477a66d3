/** All that the page sees of the outside: two calls, the address of the byte doors, and the path of a dropped file. */
import type { IpcRendererEvent } from 'electron';
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { SwathBridge } from './bridge.ts';

const bridge: SwathBridge = {
  invoke: (method, params) => ipcRenderer.invoke('swath:call', method, params),
  subscribe(listener) {
    const relay = (_event: IpcRendererEvent, message: Parameters<typeof listener>[0]) => listener(message);
    ipcRenderer.on('swath:event', relay);
    return () => ipcRenderer.off('swath:event', relay);
  },
  bytesBase: 'swath://app',
  pathForFile: (file) => webUtils.getPathForFile(file as File),
  chooseFiles: (what) => ipcRenderer.invoke('swath:choose', what),
};

contextBridge.exposeInMainWorld('swath', bridge);
