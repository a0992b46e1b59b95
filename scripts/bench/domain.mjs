// Reading, checking and editing the corpus: app/domain/benches/corpus.rs, run by cargo; it leaves its figures in BENCH_JSON.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, report, root } from './report.mjs';

mkdirSync(folder, { recursive: true });
const figures = join(folder, 'corpus.figures');
rmSync(figures, { force: true });
const run = spawnSync('cargo', ['bench', '--quiet', '--package', 'domain', '--bench', 'corpus'], {
  cwd: root,
  env: { ...process.env, BENCH_JSON: figures },
  stdio: ['ignore', 2, 2],
});
if (run.status !== 0) process.exit(run.status ?? 1);
// Without the corpus beside the checkout there is nothing to measure; the program has said so.
if (!existsSync(figures)) process.exit(0);

const goals = { 'read + check': ['≤ 200 µs', ''], 'one edit, re-read and verified': ['≤ 400 µs', '≤ 5000 µs'] };
const rows = JSON.parse(readFileSync(figures, 'utf8')).flatMap(({ what, unit, median, max }) => {
  const [atMedian, atMost] = goals[what] ?? ['', ''];
  return [
    { what: `${what}, per corpus file, median`, value: median, unit, goal: atMedian },
    { what: `${what}, per corpus file, slowest`, value: max, unit, goal: atMost },
  ];
});
report('domain', rows);
