// Delivery of commands to waiting agents: how long it takes, what it costs, and what waiting alone costs.
import { buildGenerator, measure, startServer } from './load.mjs';
import { report } from './report.mjs';

const SECONDS = 15;
// Three times as long as the server holds a poll, so that the cost of polling again is included.
const IDLE_SECONDS = 90;

await buildGenerator();
const server = await startServer();
const rows = [];
const row = (what, value, unit, goal) => rows.push({ what, value: value ?? NaN, unit, goal });
try {
  const bearer = await server.newToken();
  for (const [agents, rate, p50, p99] of [[100, 20, 5, 25], [1_000, 50, 5, 25], [10_000, 100, 10, 50]]) {
    const name = `command delivery, ${agents.toLocaleString('en')} agents waiting, ${rate}/s`;
    const measured = await measure(server, bearer, 'delivery', { agents, rate, seconds: SECONDS });
    row(`${name}, p50`, measured.p50_ms, 'ms', `≤ ${p50} ms`);
    row(`${name}, p99`, measured.p99_ms, 'ms', `≤ ${p99} ms`);
    row(`${name}, lost`, measured.lost, 'commands', '0');
    if (agents === 1_000) row('CPU per delivered and reported command, 1,000 agents', measured.cpu_ms_per_command, 'ms', '≤ 1.5 ms');
  }
  const vanished = await measure(server, bearer, 'vanish', { agents: 1_000, vanishing: 100, commands: 500 });
  row('commands lost of 500 after 100 of 1,000 pollers vanished', vanished.lost, 'commands', '0');
  row('commands delivered twice then', vanished.twice, 'commands', '0');
  const waiting = await measure(server, bearer, 'idle', { agents: 1_000, seconds: IDLE_SECONDS });
  row('idle, 1,000 agents waiting', waiting.cpu_percent, '% of a core', '≤ 0.3 %');
  row('SQL statements while idle, 1,000 agents', waiting.statements_per_second, 'a second', '< 2 a second');
} finally {
  await server.stop();
}

// Memory is measured on a new process, which has done nothing else.
for (const [agents, goal] of [[1_000, 60], [10_000, 220]]) {
  const fresh = await startServer();
  try {
    const waiting = await measure(fresh, await fresh.newToken(), 'idle', { agents, seconds: 5 });
    row(`resident memory, ${agents.toLocaleString('en')} agents waiting`, waiting.resident_mib, 'MiB', `≤ ${goal} MiB`);
  } finally {
    await fresh.stop();
  }
}
report('dispatch', rows);
