import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Unit, law and oracle tests. `*.slow.test.ts` run with SWATH_SLOW=1; the browser specs are Playwright's (test/e2e). */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [svelte()],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: process.env.SWATH_SLOW ? [] : ['test/**/*.slow.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Against hangs alone: a laptop that does other things may be many times slower than an idle one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
