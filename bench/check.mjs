// Measures `stacker check` on a folder with a thousand files: the released program, each run a process of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, report, target } from './report.mjs';

const FILES = 1000;
const RUNS = 9;
// Two services that publish one port: a finding in each file.
const service = (name) => `  ${name}:\n    image: nginx:1.27\n    ports:\n      - "8080:80"\n`;
const text = `services:\n${service('web')}${service('api')}`;

const folder = mkdtempSync(join(tmpdir(), 'stacker-check-'));
try {
  for (let number = 0; number < FILES; number += 1) {
    const below = join(folder, String(number % 20), `app${number}`);
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, 'compose.yaml'), text);
  }
  const times = [];
  // The first run warms the file cache.
  for (let run = 0; run <= RUNS; run += 1) {
    const begin = process.hrtime.bigint();
    const { stdout } = spawnSync(join(target, 'release/stacker'), ['check', '--format', 'json', '.'], { cwd: folder, maxBuffer: 1 << 28 });
    const took = Number(process.hrtime.bigint() - begin) / 1e6;
    const { errors } = JSON.parse(stdout);
    if (errors !== FILES) throw new Error(`${errors} errors in ${FILES} files`);
    if (run > 0) times.push(took);
  }
  report('check', [{ what: `stacker check, ${FILES} files, warm, median`, value: median(times), unit: 'ms', goal: '≤ 1000 ms' }]);
} finally {
  rmSync(folder, { recursive: true });
}
