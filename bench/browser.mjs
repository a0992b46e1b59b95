// How long a user waits in the browser: measured by a journey, which writes the rows itself (end2end/journeys/measure.spec.ts).
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './report.mjs';

const { status } = spawnSync('playwright', ['test', 'journeys/measure.spec.ts'], {
  cwd: join(root, 'end2end'),
  env: { ...process.env, STACKER_BENCH: '1' },
  stdio: ['ignore', 'inherit', 'inherit'],
});
process.exitCode = status ?? 1;
