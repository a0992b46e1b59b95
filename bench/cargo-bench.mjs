// Runs a Rust benchmark, `benches/NAME.rs`, with cargo. The benchmark writes its figures to the file named by BENCH_JSON.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root } from './report.mjs';

/** Ends this process if the benchmark fails or wrote no figures (nothing measured). @param {string} crate @param {string} name */
export function figuresOf(crate, name) {
  mkdirSync(folder, { recursive: true });
  const figures = join(folder, `${name}.figures`);
  rmSync(figures, { force: true });
  const run = spawnSync('cargo', ['bench', '--quiet', '--package', crate, '--bench', name], {
    cwd: root,
    env: { ...process.env, BENCH_JSON: figures },
    stdio: ['ignore', 2, 2],
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  if (!existsSync(figures)) process.exit(0);
  return JSON.parse(readFileSync(figures, 'utf8'));
}
