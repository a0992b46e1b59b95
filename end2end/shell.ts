// A shell on another machine: runs the commands that a page shows, as they are, in a folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Shell {
  /** Everything that the commands wrote. */
  output = '';
  private running?: ChildProcess;

  private constructor(readonly folder: string) {}

  static async create() {
    return new Shell(await mkdtemp(join(tmpdir(), 'stacker-machine-')));
  }

  /** Runs a command to its end. */
  async run(command: string) {
    const child = this.spawn(command);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${command}\nended with ${code}:\n${this.output}`);
  }

  /** Starts a command that goes on until the end of the test. */
  start(command: string) {
    // `exec`: the signal reaches the program, not the shell around it.
    this.running = this.spawn(`exec ${command}`);
    process.once('exit', () => this.running?.kill('SIGTERM'));
  }

  async end() {
    if (this.running?.exitCode === null && this.running.signalCode === null) {
      const ended = once(this.running, 'exit');
      this.running.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private spawn(command: string) {
    const child = spawn('sh', ['-c', command], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (this.output += text));
    return child;
  }
}
