// Many agents, simulated by the load generator. Server and PostgreSQL are killed at random moments while commands are posted, and an
// agent's connection is cut five times a second: no command may be lost or repeated.
import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, scratchFolder } from '../end2end/stacker-server.mjs';
import { ROUNDS, ROUND_SECONDS, keepWhatIsAcknowledged, killDatabase, killServer, reportFull } from './kills.mjs';
import { buildGenerator, measure, startServer } from './load.mjs';

await buildGenerator();
await keepWhatIsAcknowledged();
const [scratch, port] = [await scratchFolder(), String(await freePort())];
const start = () => startServer({ APP_PORT: port }, scratch);
let server = await start();
const bearer = await server.newToken();

let over = false;
const measuring = measure(server, bearer, 'endure', { agents: 50, rate: 20, seconds: 10 + ROUNDS * ROUND_SECONDS }).finally(() => (over = true));
measuring.catch(() => {});
let kills = 0;
await pause(5_000);
const begun = performance.now();
while (!over && kills < ROUNDS) {
  // Waits for a random moment of the round. A slow start does not delay later rounds.
  await pause(Math.max(0, begun + (kills + Math.random()) * 1_000 * ROUND_SECONDS - performance.now()));
  if (Math.random() < 0.5) {
    await killServer(server);
    server = await start();
  } else {
    await killDatabase();
  }
  kills++;
}
const measured = await measuring;
await server.stop();
await rm(scratch, { recursive: true, force: true });

reportFull('endure', [
  { what: `commands lost of ${measured.posted}, server or database killed ${kills} times, agents ${measured.kills_of_agents} times`, value: measured.lost, unit: 'commands', goal: '0' },
  { what: 'commands left open', value: measured.left_unfinished, unit: 'commands', goal: '0' },
  { what: 'commands repeated that must not be', value: measured.repeated, unit: 'commands', goal: '0' },
]);
console.log(`${kills} kills of server or database, ${measured.kills_of_agents} of agents; of ${measured.posted} commands ${measured.lost} lost, ${measured.left_unfinished} left, ${measured.repeated} repeated; ${measured.without_known_outcome} ended with an unknown outcome`);
// Unlike a time, a lost or repeated command is a failure.
if (kills < ROUNDS || measured.lost + measured.left_unfinished + measured.repeated > 0) process.exitCode = 1;
