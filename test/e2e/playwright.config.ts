import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  // One at a time: each spec trains on both cores.
  workers: 1,
  fullyParallel: false,
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json']],
  use: {
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(process.env.SWATH_CHROMIUM ? { executablePath: process.env.SWATH_CHROMIUM } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--ignore-gpu-blocklist',
      ],
    },
  },
  projects: [
    { name: 'web', testMatch: /.*\.web\.ts/ },
    { name: 'electron', testMatch: /.*\.electron\.ts/ },
  ],
});
