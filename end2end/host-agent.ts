// Stacker's agent, run as on a host, in a temporary folder.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programs } from './stacker-server.mjs';

const program = join(programs, 'stacker');

export class HostAgent {
  /** The agent's output so far. */
  output = '';
  private child?: ChildProcess;

  private constructor(private readonly folder: string) {}

  static async create() {
    return new HostAgent(await mkdtemp(join(tmpdir(), 'stacker-agent-')));
  }

  /** Runs the command that the page shows for joining, `…/stacker agent join …`, to its end. */
  async join(line: string) {
    const [name, ...words] = line.split(' ');
    if (!name.endsWith('/stacker')) throw new Error(`this is no command of ours: ${line}`);
    await promisify(execFile)(program, [...words, '--data-dir', this.folder]);
  }

  run() {
    this.child = spawn(program, ['agent', 'run', '--data-dir', this.folder], { stdio: ['ignore', 'ignore', 'pipe'] });
    // Ends the agent with the tests, however they end.
    process.once('exit', () => this.child?.kill('SIGTERM'));
    this.child.stderr?.setEncoding('utf8').on('data', (text) => (this.output += text));
  }

  get isRunning() {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** The agent's credentials: id and token. */
  async credentials(): Promise<{ agent_id: string; agent_token: string }> {
    return JSON.parse(await readFile(join(this.folder, 'credentials.json'), 'utf8'));
  }

  async end() {
    if (this.child && this.isRunning) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
