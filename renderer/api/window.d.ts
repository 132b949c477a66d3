import type { Bridge } from './bridgeTransport.ts';

declare global {
  interface Window {
    readonly swath?: Bridge;
  }
}
