// Measures starting and idling: the time until the first response, and the memory of an idle server.
// Run by scripts/with-test-postgres.sh, which sets DATABASE_URL to an existing database.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { StackerServer, scratchFolder } from '../end2end/stacker-server.mjs';
import { median, report } from './report.mjs';

const STARTS = 5;
const IDLE_MS = 5_000;
const scratch = await scratchFolder();

const url = new URL(process.env.DATABASE_URL);
const present = {
  STACKER__DATABASE__HOST: url.searchParams.get('host'),
  STACKER__DATABASE__USERNAME: url.username,
  STACKER__DATABASE__DATABASE_NAME: url.pathname.slice(1),
};

/** Starts a server and returns it with the milliseconds until its first response. */
async function start(env = {}) {
  const begin = performance.now();
  const server = await StackerServer.start({ scratch, env });
  const answer = await fetch(`${server.url}/health_check`);
  if (!answer.ok) throw new Error(`/health_check answered ${answer.status}`);
  return { server, firstAnswer: performance.now() - begin };
}

const residentMegabytes = (pid) => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** The median of several starts; the first of them, which creates the tables or the whole cluster; and the idle memory. */
async function measure(env) {
  const answers = [];
  let resident = 0;
  for (let count = 0; count <= STARTS; count++) {
    const { server, firstAnswer } = await start(env);
    answers.push(firstAnswer);
    if (count === STARTS) {
      await pause(IDLE_MS);
      resident = residentMegabytes(server.pid);
    }
    await server.stop();
  }
  const [first, ...later] = answers;
  return { first, later: median(later), resident };
}

const configured = await measure(present);
const embedded = await measure({});
await rm(scratch, { recursive: true, force: true });

report('server', [
  { what: 'server start to first answer, database present', value: configured.later, unit: 'ms', goal: '≤ 300 ms' },
  { what: 'server start to first answer, with its own PostgreSQL', value: embedded.later, unit: 'ms', goal: '' },
  { what: 'very first start, with its own PostgreSQL', value: embedded.first, unit: 'ms', goal: '' },
  { what: 'idle memory, nobody connected', value: configured.resident, unit: 'MiB', goal: '≤ 40 MiB' },
]);
