// Reading, checking and editing the corpus: the benchmarks of crate `domain`, run by cargo, collected from what
// criterion leaves in target/criterion/GROUP/…/new.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { report, root, target } from './report.mjs';

const criterion = join(target, 'criterion');
// Left over from benchmarks that may be gone by now.
rmSync(criterion, { recursive: true, force: true });
const run = spawnSync('cargo', ['bench', '--quiet', '--package', 'domain'], { cwd: root, stdio: ['ignore', 2, 2] });
if (run.status !== 0) process.exit(run.status ?? 1);

const goals = [
  [/read|check/, '≤ 200 µs median per corpus file'],
  [/edit|apply/, '≤ 400 µs median per corpus file'],
];

function* benchmarks(folder) {
  if (!existsSync(folder)) return;
  if (existsSync(join(folder, 'new/estimates.json'))) yield join(folder, 'new');
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !['new', 'base', 'report'].includes(entry.name)) yield* benchmarks(join(folder, entry.name));
  }
}

const read = (folder, file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const rows = [...benchmarks(criterion)].map((folder) => {
  const name = read(folder, 'benchmark.json').full_id;
  return {
    what: `domain: ${name}`,
    value: read(folder, 'estimates.json').median.point_estimate / 1000,
    unit: 'µs',
    goal: goals.find(([pattern]) => pattern.test(name))?.[1] ?? '',
  };
});
report('domain', rows);
