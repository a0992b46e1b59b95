// What the install service reports, from RabbitMQ to the event streams of pages: how long one message takes, and how one server bears
// two thousand a second. Run by scripts/with-test-rabbitmq.sh scripts/with-test-postgres.sh.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from './load.mjs';
import { report } from './report.mjs';

// Node looks for packages beside a file: those of the journeys are in their folder.
const amqp = createRequire(new URL('../end2end/package.json', import.meta.url))('amqplib');

const DEPLOYMENTS = 100;
/** Deployments that are followed, each by a stream of its own: an account may have 20. */
const FOLLOWED = 10;
const RATE = 50;
const SECONDS = 15;
const FLOOD_RATE = 2_000;
const FLOOD_SECONDS = 10;
/** How often the flood sends a batch. */
const BATCH_MS = 10;
const DRAIN_LIMIT_MS = 300_000;
const [INSTALL, PROGRESS, KEY, QUEUE] = ['install', 'install_progress', 'install.progress.tfa.all.all', 'stacker_progress'];

const broker = new URL(process.env.STACKER_TEST_AMQP_URL);
const connection = await amqp.connect(broker.href);
const channel = await connection.createConfirmChannel();
await channel.assertExchange(INSTALL, 'topic', { durable: true });
await channel.assertQueue(INSTALL, { durable: true });
await channel.bindQueue(INSTALL, INSTALL, 'install.start.#');

const server = await startServer({
  STACKER__LOCAL_AGENT__ENABLED: 'false',
  STACKER__AMQP__HOST: broker.hostname,
  STACKER__AMQP__PORT: broker.port,
  STACKER__AMQP__USERNAME: decodeURIComponent(broker.username),
  STACKER__AMQP__PASSWORD: decodeURIComponent(broker.password),
});
const headers = { authorization: `Bearer ${await server.newToken()}`, 'content-type': 'application/json' };

async function post(path, body) {
  const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Calls `heard` with the text of each reported message, at the moment when it arrives. */
async function follow(hash, heard) {
  const stream = new AbortController();
  const answer = await fetch(`${server.url}/api/v1/deployments/${hash}/events`, { headers, signal: stream.signal });
  if (!answer.ok) throw new Error(`the stream of ${hash} answered ${answer.status}`);
  const read = async () => {
    let text = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const at = performance.now();
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) {
        const message = line.startsWith('data:') && JSON.parse(line.slice(5)).state?.message;
        if (message) heard(message, at);
      }
    }
  };
  read().catch((error) => {
    if (!stream.signal.aborted) throw error;
  });
  return () => stream.abort();
}

/** Reports a step of a deployment, as the install service does. */
const say = (hash, message) =>
  channel.publish(PROGRESS, KEY, Buffer.from(JSON.stringify({ deploy_id: hash, status: 'in_progress', progress: '40', message })), { persistent: true });

/** Waits until `done` returns true. */
async function until(what, limit, done) {
  const end = performance.now() + limit;
  while (!(await done())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limit / 1_000} s`);
    await pause(20);
  }
}

/** Processor time of the server so far, in seconds: the fields 14 and 15 of /proc/PID/stat, in hundredths. */
function cpuSeconds() {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const sorted = (times) => times.toSorted((a, b) => a - b);
const share = (times, part) => sorted(times)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;

try {
  const compose = 'services:\n  web:\n    image: nginx:1.27\n';
  const project = (await post('/project/import', { name: 'progress', compose })).item.id;
  const order = { stack: { stack_code: 'progress', vars: [] }, server: {}, cloud: { provider: 'htz', cloud_token: 'none', save_token: false } };
  const hashes = [];
  while (hashes.length < DEPLOYMENTS) hashes.push((await post(`/project/${project}/deploy`, order)).meta.deployment_hash);
  await until('the server consumes', 30_000, async () => (await channel.checkQueue(QUEUE)).consumerCount === 1);

  // One message after another: the time until the stream of its deployment has it.
  const times = [];
  const streams = [];
  for (const hash of hashes.slice(0, FOLLOWED)) {
    const heard = (message, at) => message.startsWith('sent at ') && times.push(at - Number(message.slice('sent at '.length)));
    streams.push(await follow(hash, heard));
  }
  const begun = performance.now();
  for (let number = 0; number < RATE * SECONDS; number++) {
    await pause(Math.max(0, begun + (number * 1_000) / RATE - performance.now()));
    say(hashes[number % FOLLOWED], `sent at ${performance.now()}`);
  }
  await until('every message is shown', 60_000, () => times.length >= RATE * SECONDS);
  streams.forEach((end) => end());

  // Two thousand a second, over all deployments. The order is kept, so the last message is shown when all are applied.
  let isOver = false;
  const last = hashes.at(-1);
  const end = await follow(last, (message) => (isOver ||= message === 'the last one'));
  const [cpuBefore, floodBegun] = [cpuSeconds(), performance.now()];
  const count = FLOOD_RATE * FLOOD_SECONDS;
  for (let number = 0; number < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - floodBegun) / 1_000) * FLOOD_RATE));
    for (; number < due; number++) say(hashes[number % (DEPLOYMENTS - 1)], `step ${number}`);
    await pause(BATCH_MS);
  }
  say(last, 'the last one');
  await channel.waitForConfirms();
  const sending = (performance.now() - floodBegun) / 1_000;
  const lag = (await channel.checkQueue(QUEUE)).messageCount;
  await until('the flood is applied', DRAIN_LIMIT_MS, () => isOver);
  const applying = (performance.now() - floodBegun) / 1_000;
  const cpu = cpuSeconds() - cpuBefore;
  end();

  report('progress', [
    { what: `progress message to event stream, ${RATE}/s, p50`, value: share(times, 0.5), unit: 'ms', goal: '≤ 10 ms' },
    { what: `progress message to event stream, ${RATE}/s, p99`, value: share(times, 0.99), unit: 'ms', goal: '≤ 50 ms' },
    { what: `progress messages sent, ${DEPLOYMENTS} deployments`, value: count / sending, unit: 'a second', goal: `${FLOOD_RATE} a second` },
    { what: 'progress messages applied by one server', value: count / applying, unit: 'a second', goal: `≥ ${FLOOD_RATE} a second` },
    { what: `progress messages that wait after ${FLOOD_SECONDS} s`, value: lag, unit: 'messages', goal: '' },
    { what: 'time until all are applied after the last was sent', value: (applying - sending) * 1_000, unit: 'ms', goal: '' },
    { what: 'CPU of the server per progress message', value: (cpu * 1_000) / count, unit: 'ms', goal: '' },
    { what: 'CPU of the server meanwhile', value: (cpu / applying) * 100, unit: '% of a core', goal: '' },
  ]);
} finally {
  await server.stop();
  await connection.close();
}
