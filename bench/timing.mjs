// Tests whether response times reveal what responses hide: unknown or wrong credentials, missing or other users' objects.
// Requests of two kinds alternate at random on one connection. The Mann-Whitney statistic tells how often a request of the second
// kind takes longer than one of the first: 50 % if the two kinds cannot be distinguished.
import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { StackerServer } from '../end2end/stacker-server.mjs';
import { median, report } from './report.mjs';

const EACH = Number(process.env.STACKER_TIMING_EACH ?? 4000);
const WARM_UP = 200;
/** Two standard deviations of that share if the two kinds cannot be distinguished. */
const NOISE = 200 * Math.sqrt((2 * EACH + 1) / (12 * EACH * EACH));
const bearer = (token) => ({ authorization: `Bearer ${token}` });
const json = { 'content-type': 'application/json' };

const server = await StackerServer.start({ env: { STACKER__RATE_LIMITS__ENABLED: 'false', STACKER__LOCAL_AGENT__ENABLED: 'false' } });
const connection = new Agent({ keepAlive: true, maxSockets: 1 });

/** Sends one request and reads the whole response. @returns {Promise<{ status: number, text: string, micros: number }>} */
function ask({ method = 'GET', path, headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const sent = request(server.url + path, { method, agent: connection, headers: { ...headers, 'content-length': body?.length ?? 0 } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, text, micros: Number(process.hrtime.bigint() - begin) / 1000 }));
    });
    sent.on('error', reject).end(body);
  });
}

async function made(what) {
  const { status, text } = await ask(what);
  if (status < 200 || status > 299) throw new Error(`${what.path} answered ${status}: ${text}`);
  return JSON.parse(text);
}

/** Ranks with ties in the middle; U of the second kind, as a share, and how many standard deviations it is from a half. */
function mannWhitney(first, second) {
  const all = [...first.map((value) => [value, 0]), ...second.map((value) => [value, 1])].sort(([a], [b]) => a - b);
  let sum = 0;
  for (let begin = 0; begin < all.length; ) {
    let end = begin;
    while (end < all.length && all[end][0] === all[begin][0]) end++;
    for (let at = begin; at < end; at++) if (all[at][1] === 1) sum += (begin + end + 1) / 2;
    begin = end;
  }
  const [n, m] = [first.length, second.length];
  const u = sum - (m * (m + 1)) / 2;
  return { share: u / (n * m), z: (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12) };
}

/** Compares two kinds of requests with equal responses. Each kind is a function, so that every request can be a new one. */
async function compare(what, status, first, second) {
  const times = [[], []];
  const left = [EACH + WARM_UP, EACH + WARM_UP];
  const words = new Set();
  while (left[0] + left[1] > 0) {
    const kind = randomInt(left[0] + left[1]) < left[0] ? 0 : 1;
    left[kind]--;
    const answer = await ask([first, second][kind]());
    if (answer.status !== status) throw new Error(`${what}: answered ${answer.status}: ${answer.text}`);
    words.add(answer.text);
    if (left[kind] < EACH) times[kind].push(answer.micros);
  }
  if (words.size !== 1) throw new Error(`${what}: the words differ: ${[...words].join(' | ')}`);
  const { share, z } = mannWhitney(...times);
  console.error(`${what}: medians ${times.map((list) => Math.round(median(list))).join(' and ')} µs, ${(share * 100).toFixed(1)} %, z = ${z.toFixed(1)}`);
  return { what: `${what}: the second takes longer`, value: share * 100, unit: '%', goal: `${(50 - NOISE).toFixed(1)} to ${(50 + NOISE).toFixed(1)} %` };
}

try {
  const operator = bearer(await server.newToken());
  const post = (path, body, headers = operator) => made({ method: 'POST', path, headers: { ...headers, ...json }, body: JSON.stringify(body) });

  // A third-party agent and its deployment.
  const compose = 'services:\n  web:\n    image: nginx:1.27\n';
  const project = (await post('/project/import', { name: 'timing', compose })).item.id;
  const deploy = { stack: { stack_code: 'timing', vars: [] }, server: {}, cloud: { provider: 'own' } };
  const hash = (await post(`/project/${project}/deploy`, deploy)).meta.deployment_hash;
  const agent = (await post('/api/v1/agent/register', { deployment_hash: hash, capabilities: [] }, {})).data.item;
  const knock = (id) => () => ({ path: '/api/v1/agent/notifications', headers: { 'x-agent-id': id(), ...bearer(randomBytes(32).toString('base64url')) } });

  const client = (await post('/client', { name: 'timing' })).item;
  const off = (await post('/client', { name: 'off' })).item;
  await made({ method: 'PUT', path: `/client/${off.id}/disable`, headers: operator });
  const signed = (id) => () => ({ path: '/project', headers: { 'stacker-id': id(), 'stacker-hash': randomBytes(32).toString('hex') } });
  const missingId = () => randomInt(1_000_000_000, 2_000_000_000);
  // The audit log records the first refusal of each id within a minute, whether the id exists or not. The known ids are fixed, so
  // the unknown id is fixed too.
  const unknownId = missingId();

  const token = (await post('/api/v1/tokens', { name: 'revoked' })).item;
  const expiring = (await post('/api/v1/tokens', { name: 'ends', expires_at: new Date(Date.now() + 1000).toISOString() })).item;
  await made({ method: 'DELETE', path: `/api/v1/tokens/${token.id}`, headers: operator });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const withToken = (text) => () => ({ path: '/project', headers: bearer(text()) });
  const unknown = () => `stk_${randomBytes(32).toString('base64url')}`;

  // A project of another user, created by an API client of that user with signed requests.
  const [, id, secret] = /(\d+)[^]*?(\S{255})/.exec(await server.console('app-client', 'new', '--user-id', 'somebody-else'));
  const body = JSON.stringify({ name: 'theirs', compose });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  const theirs = await made({ method: 'POST', path: '/project/import', headers: { ...json, 'stacker-id': id, 'stacker-hash': signature }, body });
  const read = (project) => () => ({ path: `/project/${project()}`, headers: operator });
  const remove = (project) => () => ({ ...read(project)(), method: 'DELETE' });

  report('timing', [
    await compare('agent: unknown and known, wrong token', 401, knock(randomUUID), knock(() => agent.agent_id)),
    await compare('client: unknown and known, wrong signature', 401, signed(() => unknownId), signed(() => client.id)),
    await compare('client: unknown and disabled', 401, signed(() => unknownId), signed(() => off.id)),
    await compare('token: unknown and revoked', 401, withToken(unknown), withToken(() => token.token)),
    await compare('token: unknown and expired', 401, withToken(unknown), withToken(() => expiring.token)),
    await compare('project to read: missing and another user’s', 404, read(missingId), read(() => theirs.item.id)),
    await compare('project to delete: missing and another user’s', 404, remove(missingId), remove(() => theirs.item.id)),
  ]);
} finally {
  connection.destroy();
  await server.stop();
}
