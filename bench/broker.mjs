// Two hundred rounds in which the broker, the connection or the server fails while deployments are sent and progress is reported:
// core/tests/core/broker/rounds.rs, whose short form is a test. STACKER_BROKER_ROUNDS sets another number.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder, report, root } from './report.mjs';

mkdirSync(folder, { recursive: true });
const figures = join(folder, 'broker.figures');
rmSync(figures, { force: true });
const release = process.env.STACKER_PROFILE === 'debug' ? [] : ['--release'];
const test = ['test', ...release, '--package', 'stacker', '--test', 'core', '--', '--nocapture', 'broker::rounds'];
const env = { STACKER_BROKER_ROUNDS: '200', ...process.env, BENCH_JSON: figures };
const run = spawnSync('cargo', test, { cwd: root, env, stdio: ['ignore', 2, 2] });
// The test ends at the first deployment that was sent twice or lost, and at the first step that was applied twice or lost.
if (!existsSync(figures)) process.exit(run.status ?? 1);
const { rounds, sent, marked, applied, redelivered } = JSON.parse(readFileSync(figures, 'utf8'));
report('broker', [
  { what: `deployments sent twice, or lost and not marked, of ${rounds} with a failure each`, value: 0, unit: 'deployments', goal: '0' },
  { what: 'of these sent once', value: sent, unit: 'deployments', goal: '' },
  { what: 'of these not sent, and marked', value: marked, unit: 'deployments', goal: '' },
  { what: `progress messages lost or applied twice, of ${applied}, ${redelivered} of them delivered again`, value: 0, unit: 'messages', goal: '0' },
]);
process.exit(run.status ?? 1);
