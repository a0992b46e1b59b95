// A real host: `stacker agent` on real containers. Server, PostgreSQL and the agent itself are killed at random moments while
// commands are posted. `exec` appends a line to a file in a container, so the file shows how often each command really ran.
// Needs an engine: scripts/with-test-podman.sh scripts/with-test-postgres.sh node bench/endure-host.mjs
import { execFile, spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, programs, scratchFolder } from '../end2end/stacker-server.mjs';
import { ROUNDS, ROUND_SECONDS, ask, keepWhatIsAcknowledged, killDatabase, killServer, reportFull } from './kills.mjs';
import { startServer } from './load.mjs';

/** Pause between two commands. An exec takes a container engine about a third of a second. */
const POST_EVERY_MS = 400;
/** Long enough for leases to run out and for the agent to come back. */
const SETTLE_LIMIT_MS = 240_000;
const stacker = join(programs, 'stacker');

await keepWhatIsAcknowledged();
const [scratch, port, published] = [await scratchFolder(), String(await freePort()), await freePort()];
const agentFolder = join(scratch, 'agent');
const policy = join(scratch, 'policy.yaml');
await mkdir(agentFolder, { mode: 0o700 });
await writeFile(policy, 'allow_exec: true\n');

// This machine's own agent would be a second one on the same engine.
const start = () => startServer({ APP_PORT: port, STACKER__LOCAL_AGENT__ENABLED: 'false' }, scratch);
let server = await start();
const bearer = await server.newToken();

/** Repeats the request until it succeeds; `undefined` if all `attempts` failed. */
async function api(method, path, body, attempts = 1) {
  for (; attempts > 0; attempts--) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      });
      if (answer.ok) return await answer.json();
      if (answer.status < 500) throw new TypeError(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    } catch (error) {
      if (error instanceof TypeError && error.message.includes(path)) throw error;
    }
    if (attempts > 1) await pause(200);
  }
  return undefined;
}

let agent;
function startAgent() {
  agent = spawn(stacker, ['agent', 'run', '--data-dir', agentFolder, '--policy', policy], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, RUST_LOG: 'error' } });
  agent.ended = new Promise((resolve) => agent.once('exit', resolve));
}
process.once('exit', () => agent?.kill('SIGKILL'));
async function killAgent() {
  agent.kill('SIGKILL');
  await agent.ended;
}

/** Waits until `done` returns true. */
async function until(what, limit, done) {
  const end = performance.now() + limit;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limit / 1_000} s`);
    await pause(500);
  }
}

const joined = await api('POST', '/api/v1/hosts', { name: 'attic' });
await promisify(execFile)(stacker, ['agent', 'join', server.url, '--code', joined.item.code, '--data-dir', agentFolder, '--policy', policy]);
startAgent();
const compose = `services:
  web:
    image: stacker.test/app:1
    command: ["write", "/data/runs", "begun"]
    ports: ["127.0.0.1:${published}:8080"]
    volumes: ["runs:/data"]
  other:
    image: stacker.test/app:1
    stop_signal: SIGKILL
volumes:
  runs:
`;
const project = (await api('POST', '/project/import', { name: 'endure', compose })).item.id;
const deployment = (await api('POST', `/project/${project}/deploy`, { host: joined.item.host_id })).meta.deployment_hash;
await until('deployed', 120_000, async () => (await api('GET', `/api/v1/deployments/${deployment}`))?.item.status === 'completed');

const acknowledged = [];
let posted = 0;
let over = false;
/** Each attempt writes a line of its own, because an attempt without a response may still have been accepted. */
async function post() {
  while (!over) {
    const number = posted++;
    const exec = number % 3 !== 2;
    const made = await api('POST', '/api/v1/commands', {
      deployment_hash: deployment,
      command_type: exec ? 'exec' : 'restart',
      parameters: exec ? { app_code: 'web', command: ['/app', 'append', '/data/runs', `line-${number}`] } : { app_code: 'other' },
      timeout_seconds: 5,
    });
    if (made) acknowledged.push(made.item.command_id);
    await pause(POST_EVERY_MS);
  }
}
const posting = post();
posting.catch(() => {});

const kills = { server: 0, database: 0, agent: 0 };
const begun = performance.now();
for (let round = 0; round < ROUNDS; round++) {
  await pause(Math.max(0, begun + (round + Math.random()) * 1_000 * ROUND_SECONDS - performance.now()));
  // The agent is killed as often as server and database together.
  const victim = ['agent', 'agent', 'server', 'database'][Math.floor(Math.random() * 4)];
  if (victim === 'agent') {
    await killAgent();
    startAgent();
  } else if (victim === 'server') {
    await killServer(server);
    server = await start();
  } else {
    await killDatabase();
  }
  kills[victim]++;
}
over = true;
await posting;

const open = async () => Number((await ask("select count(*) from commands where status in ('queued', 'sent', 'executing')"))[0][0]);
let left = 0;
await until('every command has ended', SETTLE_LIMIT_MS, async () => (await open()) === 0).catch(async () => (left = await open()));
const lines = (await (await fetch(`http://127.0.0.1:${published}/`)).text()).split('\n').filter((line) => line.startsWith('line-'));
const times = new Map();
for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
const rows = await ask("select command_id, status, coalesce(error ->> 'code', error #>> '{errors,0,code}', ''), coalesce(parameters -> 'command' ->> 3, '') from commands");
await server.stop();
await killAgent();
await rm(scratch, { recursive: true, force: true });

const stored = new Set(rows.map(([id]) => id));
const execs = rows.filter(([, , , line]) => line !== '');
const lost = acknowledged.filter((id) => !stored.has(id)).length + execs.filter(([, status, , line]) => status === 'completed' && !times.has(line)).length;
const twice = [...times.values()].filter((often) => often > 1).length;
const unknown = rows.filter(([, , code]) => code === 'outcome-unknown').length;
// A command that the engine could not carry out counts as ended: Podman, for instance, fails after an abandoned restart.
const failed = rows.filter(([, status, code]) => status === 'failed' && code !== 'outcome-unknown');
const all = `server ${kills.server}, database ${kills.database}, agent ${kills.agent}`;
reportFull('endure-host', [
  { what: `commands to a real host lost of ${rows.length} (killed: ${all})`, value: lost, unit: 'commands', goal: '0' },
  { what: 'commands run twice on it', value: twice, unit: 'commands', goal: '0' },
  { what: 'commands left open on it', value: left, unit: 'commands', goal: '0' },
]);
console.log(`killed: ${all}; of ${rows.length} commands to a real host ${lost} lost, ${twice} run twice, ${left} left; ${unknown} ended with an unknown outcome, ${failed.length} failed otherwise`);
for (const [id, , code] of failed.slice(0, 10)) console.log(`  ${id} failed: ${code || 'no reason given'}`);
if (lost + twice + left > 0 || execs.length === 0 || lines.length === 0) process.exitCode = 1;
