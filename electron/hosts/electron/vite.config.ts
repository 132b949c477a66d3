import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * Main and worker as ES modules, the preload as CommonJS because a sandboxed preload must be. Packages stay outside:
 * native modules cannot be bundled, and the rest is resolved from node_modules beside the app.
 */
const target = process.env.SWATH_ELECTRON_TARGET === 'preload' ? 'preload' : 'main';
const root = fileURLToPath(new URL('../../..', import.meta.url));

export default defineConfig({
  root,
  build: {
    ssr: true,
    outDir: 'dist/electron',
    emptyOutDir: false,
    target: 'node24',
    rollupOptions: {
      input:
        target === 'preload'
          ? { preload: 'electron/hosts/electron/preload.ts' }
          : { main: 'electron/hosts/electron/main.ts', worker: 'electron/hosts/electron/worker.entry.ts' },
      external: ['electron'],
      output: {
        format: target === 'preload' ? 'cjs' : 'es',
        entryFileNames: target === 'preload' ? '[name].cjs' : '[name].js',
        chunkFileNames: 'chunk-[name]-[hash].js',
      },
    },
  },
});
