// A benchmark that is a Rust program of its own, `benches/NAME.rs`: run by cargo, it leaves its figures in BENCH_JSON.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, root } from './report.mjs';

/** Ends this process when it fails, and also when it left none: there was nothing to measure, which it has said. @param {string} crate @param {string} name */
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
