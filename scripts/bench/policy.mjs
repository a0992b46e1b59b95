// Asking the rules of who may do what: server/core/benches/policy.rs, run by cargo; it leaves its figures in BENCH_JSON.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, report, root } from './report.mjs';

mkdirSync(folder, { recursive: true });
const figures = join(folder, 'policy.figures');
const run = spawnSync('cargo', ['bench', '--quiet', '--package', 'stacker', '--bench', 'policy'], {
  cwd: root,
  env: { ...process.env, BENCH_JSON: figures },
  stdio: ['ignore', 2, 2],
});
if (run.status !== 0) process.exit(run.status ?? 1);
const { warm, first } = JSON.parse(readFileSync(figures, 'utf8'));
report('policy', [
  { what: 'asking the rules about a request, decided before', value: warm, unit: 'µs', goal: '≤ 5 µs' },
  { what: 'asking the rules about a request, for the first time', value: first, unit: 'µs', goal: '' },
]);
