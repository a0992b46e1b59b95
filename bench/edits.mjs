// Compares thousands of random edits with Compose: domain/tests/differential/unchanged.rs with another seed in each run.
// STACKER_DIFFERENTIAL_EDITS sets how many, STACKER_DIFFERENTIAL_SEED repeats a run. Without Compose or the corpus there is
// nothing to compare.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, report, root } from './report.mjs';

mkdirSync(folder, { recursive: true });
const figures = join(folder, 'edits.figures');
rmSync(figures, { force: true });
const test = ['test', '--release', '--package', 'domain', '--test', 'differential', '--', '--ignored', '--nocapture', 'thousands_of_edits'];
const run = spawnSync('cargo', test, { cwd: root, env: { ...process.env, BENCH_JSON: figures }, stdio: ['ignore', 2, 2] });
if (!existsSync(figures)) process.exit(run.status ?? 1);
const { edits, unintended } = JSON.parse(readFileSync(figures, 'utf8'));
report('edits', [
  { what: 'random edits compared with Compose', value: edits, unit: '', goal: '' },
  { what: 'random edits with an unintended change for Compose', value: unintended, unit: '', goal: '0' },
]);
process.exit(run.status ?? 1);
