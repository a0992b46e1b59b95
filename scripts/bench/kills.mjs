// How the server, PostgreSQL and agents are killed, for the programs that do it while commands are posted.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { report } from './report.mjs';

const run = promisify(execFile);
const url = new URL(process.env.DATABASE_URL);
const cluster = url.searchParams.get('host');
const given = process.env.STACKER_ENDURE_ROUNDS;

/** One kill each. STACKER_ENDURE_ROUNDS asks for the short form. */
export const ROUNDS = Number(given ?? 200);
export const ROUND_SECONDS = 2;

/** The short form proves, and is no figure. @param {string} name @param {import('./report.mjs').Row[]} rows */
export const reportFull = (name, rows) => given ?? report(name, rows);

/** As the owner of the cluster. @param {string} command @param {string[]} args */
async function postgres(command, ...args) {
  const bin = (await run('bash', ['-c', 'source scripts/environment.sh && postgres_bin'])).stdout.trim();
  const asOwner = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env'];
  return run(asOwner[0], [...asOwner.slice(1), join(bin, command), ...args], { cwd: '/' });
}

/** What the statement answers, one row a line, columns apart by tabs. @param {string} statement */
export async function ask(statement) {
  const { stdout } = await postgres('psql', '-h', cluster, '-U', url.username, '-d', url.pathname.slice(1), '-qAtF', '\t', '-c', statement);
  return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
}

/**
 * What was acknowledged must survive here, unlike in tests. The machine itself does not die, so nothing waits for the disk.
 */
export const keepWhatIsAcknowledged = () => ask(`alter database ${url.pathname.slice(1)} set synchronous_commit = on`);

/** All its processes at once, as when the machine loses it; it is back when this returns. */
export const killDatabase = () =>
  postgres('pg_ctl', '-D', join(cluster, 'data'), '-m', 'immediate', '-w', '-l', join(cluster, 'data/log'), 'restart');

/** @param {import('../../end2end/stacker-server.mjs').StackerServer} server */
export async function killServer(server) {
  process.removeListener('exit', server.lastResort);
  server.child.kill('SIGKILL');
  await server.exited;
}
