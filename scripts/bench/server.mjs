// Start and rest: how long until the first answer with a database that is there, and what an idle server holds in memory.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StackerServer, scratchFolder } from '../../end2end/stacker-server.mjs';
import { median, report } from './report.mjs';

const STARTS = 5;
const IDLE_MS = 5_000;
const scratch = await scratchFolder();

/** Starts a server and returns it with the milliseconds until its first answer. */
async function start() {
  const begin = performance.now();
  const server = await StackerServer.start({ scratch });
  const answer = await fetch(`${server.url}/health_check`);
  if (!answer.ok) throw new Error(`/health_check answered ${answer.status}`);
  return { server, firstAnswer: performance.now() - begin };
}

const residentMegabytes = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// The very first start makes the cluster and all tables: a number of its own.
const first = await start();
await first.server.stop();

const answers = [];
let resident = 0;
for (let count = 0; count < STARTS; count++) {
  const { server, firstAnswer } = await start();
  answers.push(firstAnswer);
  if (count === STARTS - 1) {
    await pause(IDLE_MS);
    resident = residentMegabytes(server.pid);
  }
  await server.stop();
}
await rm(scratch, { recursive: true, force: true });

report('server', [
  { what: 'server start to first answer, its own PostgreSQL included', value: median(answers), unit: 'ms', goal: '≤ 300 ms with the database up' },
  { what: 'very first start (makes the cluster)', value: first.firstAnswer, unit: 'ms', goal: '' },
  { what: 'idle memory, nobody connected', value: resident, unit: 'MiB', goal: '≤ 40 MiB' },
]);
