// The server, PostgreSQL and agents die again and again at random moments while commands are posted: nothing may be lost.
// STACKER_ENDURE_ROUNDS says how often (200 unless it is set). Each round kills one of server and database; the generator
// cuts an agent off five times a second meanwhile.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { scratchFolder } from '../../end2end/stacker-server.mjs';
import { buildGenerator, measure, startServer } from './load.mjs';
import { report } from './report.mjs';

const run = promisify(execFile);
const ROUNDS = Number(process.env.STACKER_ENDURE_ROUNDS ?? 200);
const ROUND_SECONDS = 2;
const url = new URL(process.env.DATABASE_URL);
const cluster = url.searchParams.get('host');

/** As the owner of the cluster. */
async function postgres(command, ...args) {
  const bin = (await run('bash', ['-c', 'source scripts/environment.sh && postgres_bin'])).stdout.trim();
  const asOwner = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env'];
  return run(asOwner[0], [...asOwner.slice(1), join(bin, command), ...args], { cwd: '/' });
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

await buildGenerator();
// What was acknowledged must survive here, unlike in tests; the machine itself does not die, so nothing waits for the disk.
await postgres('psql', '-h', cluster, '-U', url.username, '-d', url.pathname.slice(1), '-qc', `alter database ${url.pathname.slice(1)} set synchronous_commit = on`);
const [scratch, port] = [await scratchFolder(), String(await freePort())];
const start = () => startServer({ APP_PORT: port }, scratch);
let server = await start();
const bearer = await server.newToken();

let over = false;
const measuring = measure(server, bearer, 'endure', { agents: 50, rate: 20, seconds: ROUNDS * ROUND_SECONDS }).finally(() => (over = true));
measuring.catch(() => {});
let kills = 0;
await pause(5_000);
while (!over && kills < ROUNDS) {
  await pause(Math.random() * 2_000 * ROUND_SECONDS);
  if (Math.random() < 0.5) {
    server.child.kill('SIGKILL');
    await server.exited;
    server = await start();
  } else {
    await postgres('pg_ctl', '-D', join(cluster, 'data'), '-m', 'immediate', '-w', '-l', join(cluster, 'data/log'), 'restart');
  }
  kills++;
}
const measured = await measuring;
await server.stop();
await rm(scratch, { recursive: true, force: true });

report('endure', [
  { what: `commands lost of ${measured.posted}, server or database killed ${kills} times, agents ${measured.kills_of_agents} times`, value: measured.lost, unit: 'commands', goal: '0' },
  { what: 'commands left without an end then', value: measured.left_unfinished, unit: 'commands', goal: '0' },
  { what: 'commands delivered again that must not be', value: measured.repeated, unit: 'commands', goal: '0' },
]);
console.log(`${kills} kills of server or database, ${measured.kills_of_agents} of agents; of ${measured.posted} commands ${measured.lost} lost, ${measured.left_unfinished} left, ${measured.repeated} repeated; ${measured.without_known_outcome} ended with an outcome that nobody knows`);
// Unlike a time, this is right or wrong.
if (measured.lost + measured.left_unfinished + measured.repeated > 0) process.exitCode = 1;
