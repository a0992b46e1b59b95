// Requests generated from the OpenAPI document, as each kind of caller: once with random ids, once with existing ones.
// Run by scripts/generated-requests.sh, which sets SCHEMATHESIS to the program that generates them.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackerServer, target } from '../../end2end/stacker-server.mjs';
import { startProvider } from './provider.mjs';

const folder = join(target, 'generated-requests');
const hooks = fileURLToPath(new URL('signature.py', import.meta.url));
const EXAMPLES = Number(process.env.STACKER_GENERATED_EXAMPLES ?? 30);

/** Routes that hold a request on purpose, for longer than this test should wait. */
const HELD = [
  '/api/v1/agent/commands/wait/{deployment_hash}',
  '/api/v1/agent/notifications',
  '/api/v1/deployments/{deployment_hash}/events',
];
/** Routes on which a client, whose ids are small numbers, would sooner or later disable itself. */
const SELF = '^/(admin/)?client/';

/** The credentials of each kind of caller: `headers`, or the `client` that signs. */
const CALLERS = {
  anonymous: () => ({ headers: {} }),
  'may-read': ({ token }) => bearer(token('read')),
  'may-deploy': ({ token }) => bearer(token('deploy')),
  administrator: ({ operator }) => ({ headers: operator }),
  client: ({ own }) => ({ client: own }),
  editor: ({ member }) => member('editor'),
  operator: ({ member }) => member('operator'),
  viewer: ({ member }) => member('viewer'),
  outsider: () => bearer('outsider'),
  agent: ({ agent }) => ({ headers: { 'x-agent-id': agent.agent_id, authorization: `Bearer ${agent.agent_token}` } }),
};
const bearer = async (token) => ({ headers: { authorization: `Bearer ${await token}` } });

/** A server with a deployed project, and what is needed to become each kind of caller. */
async function scene(provider) {
  const env = { STACKER__AUTH_URL: provider, STACKER__RATE_LIMITS__ENABLED: 'false', STACKER__LOCAL_AGENT__ENABLED: 'false' };
  const server = await StackerServer.start({ env });
  const operator = { authorization: `Bearer ${await server.newToken()}` };
  const post = async (path, body, headers = operator) => {
    const answer = await fetch(server.url + path, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const compose = 'services:\n  web:\n    image: nginx:1.27\n';
  const id = (await post('/project/import', JSON.stringify({ name: 'there', compose }))).item.id;
  const deploy = { stack: { stack_code: 'there', vars: [] }, server: {}, cloud: { provider: 'own' } };
  const deployment_hash = (await post(`/project/${id}/deploy`, JSON.stringify(deploy))).meta.deployment_hash;
  const agent = (await post('/api/v1/agent/register', JSON.stringify({ deployment_hash, capabilities: [] }), {})).data.item;

  const own = (await post('/client', JSON.stringify({ name: 'own' }))).item;
  const host = (await post('/api/v1/hosts', JSON.stringify({ name: 'there' }))).item.host_id;
  const member = async (role) => {
    const { code } = (await post(`/project/${id}/invitations`, JSON.stringify({ role }))).item;
    const caller = await bearer(role);
    await post('/project/join', JSON.stringify({ code }), caller.headers);
    return caller;
  };
  const token = async (scope) => (await post('/api/v1/tokens', JSON.stringify({ name: scope, scope }))).item.token;
  const there = { '^/': { id, deployment_hash }, '/hosts/': { id: host }, '/client/': { id: own.id } };
  return { server, operator, agent, own, member, token, there };
}

/** One run of the program. `there`: parameters of existing objects for matching paths; without it, random ones. */
async function run(name, url, { headers = {}, client }, there, options) {
  const literal = (values) => Object.entries(values).map(([key, value]) => `${JSON.stringify(key)} = ${JSON.stringify(value)}`);
  const inPath = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [`path.${name}`, value]));
  const config = [
    ...(client ? [`hooks = ${JSON.stringify(hooks)}`] : []),
    '[headers]',
    ...literal(headers),
    ...Object.entries(there).flatMap(([path, parameters]) => [
      '[[operations]]',
      ...literal({ 'include-path-regex': path }),
      `parameters = { ${literal(inPath(parameters)).join(', ')} }`,
    ]),
  ];
  const [file, events, result] = ['toml', 'ndjson', 'json'].map((kind) => join(folder, `${name}.${kind}`));
  writeFileSync(file, `${config.join('\n')}\n`, { mode: 0o600 });
  const reports = ['--report', 'ndjson,json', '--report-ndjson-path', events, '--report-json-path', result];
  const checks = ['not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_schema_conformance'];
  const phases = ['--phases', 'examples,coverage,fuzzing', '--max-examples', String(EXAMPLES), '--checks', checks.join(',')];
  const quiet = ['--no-color', '--warnings', 'off', '--continue-on-failure'];
  const args = ['--config-file', file, 'run', `${url}/openapi.json`, ...reports, ...phases, ...quiet, ...options];
  const env = { ...process.env, STACKER_CLIENT_ID: client?.id ?? '', STACKER_CLIENT_SECRET: client?.secret ?? '' };
  // It stores what it learned in the folder where it is started.
  const program = spawn(process.env.SCHEMATHESIS, args, { cwd: folder, stdio: ['ignore', 2, 2], env });
  const status = await new Promise((resolve) => program.once('exit', resolve));
  const { test_cases: cases, errors, complete } = JSON.parse(readFileSync(result, 'utf8'));
  const answers = {};
  for (const [, hundreds] of readFileSync(events, 'utf8').matchAll(/"status_code": ?(\d)/g)) {
    answers[`${hundreds}xx`] = (answers[`${hundreds}xx`] ?? 0) + 1;
  }
  return { name, cases: cases.generated, failures: cases.unique_failures + errors.length, isDone: complete && status === 0, ...answers };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in CALLERS));
if (unknown.length > 0) {
  console.error(`error: no caller '${unknown.join("', '")}': one of ${Object.keys(CALLERS).join(', ')}`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const provider = await startProvider();
const runs = [];
for (const name of asked.length > 0 ? asked : Object.keys(CALLERS)) {
  // A server for each, so that one caller's deletions and leftovers do not affect the next.
  const { server, there, ...ways } = await scene(provider);
  try {
    const caller = await CALLERS[name](ways);
    const except = HELD.flatMap((path) => ['--exclude-path', path]);
    if (caller.client) except.push('--exclude-path-regex', SELF);
    runs.push(await run(name, server.url, caller, {}, except));
    runs.push(await run(`${name}-there`, server.url, caller, there, [...except, '--exclude-method', 'DELETE']));
  } finally {
    await server.stop();
  }
}
console.table(runs);
const cases = runs.reduce((sum, run) => sum + run.cases, 0);
const failures = runs.reduce((sum, run) => sum + run.failures, 0);
console.log(`${cases} requests, ${failures} failures`);
if (failures > 0 || !runs.every((run) => run.isDone)) process.exit(1);
