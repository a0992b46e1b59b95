// How the browser journeys run: one system Chromium against servers that the fixtures start (see fixtures.ts).
import { defineConfig } from '@playwright/test';

// These options turn off background activity of the browser, which could disturb the journeys.
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

export default defineConfig({
  testDir: './journeys',
  outputDir: './test-results/artefacts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env.CI,
  // No retries: a journey that passes only the second time is broken.
  retries: 0,
  // Each worker has its own server, database and data folder. Journeys wait more than they work, so two fit on two cores.
  workers: Number(process.env.E2E_WORKERS ?? 2),
  reporter: [
    ['list'],
    ['json', { outputFile: 'test-results/results.json' }],
    ['html', { outputFolder: 'playwright-report', open: 'never' }],
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    // Without a film of every frame, which took a fifth of the processor time; each step keeps its state of the page.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', args: quiet },
  },
});
