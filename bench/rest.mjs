// Measures the three reads that API clients make most, under load: wrk with one thread and 16 connections, on a separate server.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackerServer } from '../end2end/stacker-server.mjs';
import { report, root } from './report.mjs';

const PROJECTS = 21;
const SECONDS = 8;
const run = promisify(execFile);
const body = readFileSync(join(root, 'tests/mock_data/custom-stack-payload.json'), 'utf8');

const server = await StackerServer.start({ env: { STACKER__RATE_LIMITS__ENABLED: 'false' } });
try {
  const authorization = `Bearer ${await server.newToken()}`;
  let id;
  for (let count = 0; count < PROJECTS; count++) {
    const answer = await fetch(`${server.url}/project`, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body });
    if (!answer.ok) throw new Error(`POST /project answered ${answer.status}: ${await answer.text()}`);
    id = (await answer.json()).id ?? id;
  }
  if (id === undefined) {
    const list = await (await fetch(`${server.url}/project`, { headers: { authorization } })).json();
    id = list.list[0].id;
  }

  const load = async (path) => {
    const { stdout } = await run('wrk', ['-t1', '-c16', `-d${SECONDS}s`, '-H', `Authorization: ${authorization}`, server.url + path]);
    if (/Non-2xx/.test(stdout)) throw new Error(`${path} was not answered well:\n${stdout}`);
    return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]);
  };
  const row = async (what, path, reference, factor) => ({
    what,
    value: await load(path),
    unit: 'req/s',
    goal: `≥ ${factor} × ${reference} of version 0.2.1 on its machine`,
  });
  report('rest', [
    await row('GET /project/{id}', `/project/${id}`, 4940, 3),
    await row(`GET /project (${PROJECTS} projects)`, '/project', 936, 3),
    await row('GET /project/{id}/compose', `/project/${id}/compose`, 2145, 5),
  ]);
} finally {
  await server.stop();
}
