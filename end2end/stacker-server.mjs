// Runs the built server as a child process with its own data folder, which is removed when the server stops.
// Plain JavaScript, because bench starts servers with it too, without Playwright.
import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** Cargo's target folder. */
export const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
/** The folder of the programs: the debug build of the tests, or the release build. */
export const programs = join(target, process.env.STACKER_PROFILE ?? 'release');
const START_LIMIT_MS = 60_000;
// The server must end within 10 s of SIGTERM.
const STOP_LIMIT_MS = 10_000;

/** A free port, for programs whose address must be known before they start or must stay the same after a restart. @returns {Promise<number>} */
export const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** A new empty scratch folder for one server. */
export async function scratchFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'stacker-e2e-'));
  // When root starts the server, it runs PostgreSQL as another user, who must be able to enter this folder.
  await chmod(folder, 0o711);
  return folder;
}

export class StackerServer {
  /** Base address without a trailing slash. */
  url = '';
  /** The server's output so far, for error messages. */
  output = '';
  /** Milliseconds from the start of the process to the line that reports its address. */
  startMs = 0;

  /**
   * Starts a server on a free port and waits until it listens.
   * @param {{ scratch?: string, env?: Record<string, string> }} [options] `scratch`: use this folder and do not remove it when stopped.
   */
  static async start(options = {}) {
    const server = new StackerServer();
    server.keepsFolder = options.scratch !== undefined;
    server.scratch = options.scratch ?? (await scratchFolder());
    server.env = {
      ...process.env,
      // No real registry is asked.
      STACKER__CONNECTORS__REGISTRY__ENABLED: 'false',
      APP_HOST: '127.0.0.1',
      APP_PORT: '0',
      STACKER_DATA_DIR: join(server.scratch, 'data'),
      ...options.env,
    };
    await server.launch();
    return server;
  }

  /** Starts it again after `end`, with the same data on the same port. */
  async startAgain() {
    this.env.APP_PORT = new URL(this.url).port;
    await this.launch();
  }

  async launch() {
    const begin = performance.now();
    this.child = spawn(join(root, 'scripts/start-server.sh'), { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.child.once('exit', (code, signal) => resolve(code ?? signal)));
    // Ends the server with the tests, however they end.
    this.lastResort = () => this.child.kill('SIGTERM');
    process.once('exit', this.lastResort);
    try {
      this.url = await this.listening();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.startMs = performance.now() - begin;
  }

  get pid() {
    return this.child.pid;
  }

  /** Resolves with the address once the server has printed it. */
  listening() {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`no "listening on" within ${START_LIMIT_MS} ms:\n${this.output}`)), START_LIMIT_MS);
      let written = '';
      let isListening = false;
      const read = (chunk) => {
        this.output += chunk;
        // Stops searching: the server writes much more, and the whole output would be searched again after each piece.
        if (isListening) return;
        written += chunk;
        const match = /listening on (http:\/\/\S+)\n/.exec(written);
        if (match) {
          isListening = true;
          clearTimeout(limit);
          resolve(match[1].replace(/\/$/, ''));
        }
      };
      this.child.stdout.setEncoding('utf8').on('data', read);
      this.child.stderr.setEncoding('utf8').on('data', read);
      this.exited.then((how) => {
        clearTimeout(limit);
        reject(new Error(`the server ended (${how}) before it listened:\n${this.output}`));
      });
    });
  }

  /** The sign-in link printed at start; it works once. */
  get printedLink() {
    const match = /https?:\/\/\S+\/sign-in\?code=\S+/.exec(this.output);
    if (!match) throw new Error(`the server printed no sign-in link:\n${this.output}`);
    return match[0];
  }

  /** Runs an operator command on this server's data and returns its output. */
  async console(...args) {
    const { stdout } = await promisify(execFile)(join(programs, 'console'), args, { env: this.env, cwd: root });
    return stdout.trim();
  }

  /** A new sign-in link; it works once, on this server. */
  async newLink() {
    const printed = await this.console('login-link');
    const match = /\/sign-in\?code=\S+/.exec(printed);
    if (!match) throw new Error(`console login-link printed no link: ${printed}`);
    return this.url + match[0];
  }

  /** A bearer token for the local operator. */
  async newToken() {
    const printed = await this.console('token', 'new');
    const match = /stk_\S+/.exec(printed);
    if (!match) throw new Error('console token new printed no bearer');
    return match[0];
  }

  /** Ends the server and returns its exit code, or the signal that ended it. Fails when it takes too long. */
  async stop() {
    const how = await this.end();
    if (!this.keepsFolder) await rm(this.scratch, { recursive: true, force: true });
    return how;
  }

  /** Like `stop`, but keeps its data. */
  async end() {
    process.removeListener('exit', this.lastResort);
    this.child.kill('SIGTERM');
    let limit;
    const late = new Promise((resolve) => (limit = setTimeout(resolve, STOP_LIMIT_MS, 'late')));
    const how = await Promise.race([this.exited, late]);
    clearTimeout(limit);
    if (how === 'late') {
      this.child.kill('SIGKILL');
      await this.exited;
      throw new Error(`the server was still there ${STOP_LIMIT_MS} ms after SIGTERM:\n${this.output}`);
    }
    return how;
  }
}
