// Kills the server, PostgreSQL and agents; used by the programs that do so while commands are posted.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { report } from './report.mjs';

const run = promisify(execFile);
const url = new URL(process.env.DATABASE_URL);
const cluster = url.searchParams.get('host');
const given = process.env.STACKER_ENDURE_ROUNDS;

/** The number of rounds, with one kill each. STACKER_ENDURE_ROUNDS sets a smaller number: the short form. */
export const ROUNDS = Number(given ?? 200);
export const ROUND_SECONDS = 2;

/** The short form is a test, not a measurement: it writes no rows. @param {string} name @param {import('./report.mjs').Row[]} rows */
export const reportFull = (name, rows) => given ?? report(name, rows);

/** Runs a PostgreSQL program as the owner of the cluster. @param {string} command @param {string[]} args */
async function postgres(command, ...args) {
  const bin = (await run('bash', ['-c', 'source scripts/environment.sh && postgres_bin'])).stdout.trim();
  const asOwner = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'] : ['env'];
  return run(asOwner[0], [...asOwner.slice(1), join(bin, command), ...args], { cwd: '/' });
}

/** The rows of a query, each a list of columns. @param {string} statement */
export async function ask(statement) {
  const { stdout } = await postgres('psql', '-h', cluster, '-U', url.username, '-d', url.pathname.slice(1), '-qAtF', '\t', '-c', statement);
  return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
}

/**
 * Makes acknowledged commands survive, unlike in other tests. The machine itself does not die, so nothing waits for the disk.
 */
export const keepWhatIsAcknowledged = () => ask(`alter database ${url.pathname.slice(1)} set synchronous_commit = on`);

/** Kills all PostgreSQL processes at once, as a crash does, and restarts it; it is back when this returns. */
export const killDatabase = () =>
  postgres('pg_ctl', '-D', join(cluster, 'data'), '-m', 'immediate', '-w', '-l', join(cluster, 'data/log'), 'restart');

/** @param {import('../end2end/stacker-server.mjs').StackerServer} server */
export async function killServer(server) {
  process.removeListener('exit', server.lastResort);
  server.child.kill('SIGKILL');
  await server.exited;
}
