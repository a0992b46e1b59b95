// Runs the load generator (the crate `load`, in this folder) against a separate server, on the PostgreSQL of DATABASE_URL.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StackerServer, programs, scratchFolder } from '../end2end/stacker-server.mjs';
import { root } from './report.mjs';

const run = promisify(execFile);
const url = new URL(process.env.DATABASE_URL);

/** Builds the load generator, which takes no time if nothing has changed. The build for tests already includes it. */
export const buildGenerator = async () => {
  if (process.env.STACKER_PROFILE !== 'debug') await run('cargo', ['build', '--quiet', '--release', '--package', 'load'], { cwd: root });
};

// Servers on one database share a key ring, so the servers of one measurement share a folder.
const shared = await scratchFolder();
process.once('exit', () => rmSync(shared, { recursive: true, force: true }));

/** @param {Record<string, string>} [env] @param {string} [scratch] */
export const startServer = (env = {}, scratch = shared) =>
  StackerServer.start({
    scratch,
    env: {
      STACKER__DATABASE__HOST: url.searchParams.get('host'),
      STACKER__DATABASE__USERNAME: url.username,
      STACKER__DATABASE__DATABASE_NAME: url.pathname.slice(1),
      STACKER__RATE_LIMITS__ENABLED: 'false',
      // Turns off the log line for each request, because its cost would be measured too.
      RUST_LOG: 'warn',
      ...env,
    },
  });

/**
 * Runs one scenario and returns what it measured.
 * @param {StackerServer} server @param {string} bearer @param {string} scenario @param {Record<string, number>} options
 */
export async function measure(server, bearer, scenario, options) {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const place = ['--address', new URL(server.url).host, '--database-url', process.env.DATABASE_URL, '--bearer', bearer, '--pid', String(server.pid)];
  const { stdout } = await run(join(programs, 'load'), [scenario, ...place, ...given], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout);
}
