// A simulated TryDirect install service: takes install messages from RabbitMQ, checks them, and reports progress.
// Usage: STACKER_TEST_AMQP_URL=… node install-service.mjs FOLDER [BEHAVIOUR]
// Each message is written to FOLDER/NUMBER.json, with what is wrong with it. A project whose stack code is the name of a behaviour
// gets that one. INSTALL_SERVICE_PACE_MS is the time between two reports, 100 by default. Ends on SIGTERM, with status 1 if a
// message was wrong.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import amqp from 'amqplib';
import { composeOf, problemsOf } from './install-message.mjs';

/** The address of the machine that is never created: from a range for documents, RFC 5737. */
export const SERVER_ADDRESS = '203.0.113.7';
const INSTALL = 'install';
const PROGRESS = 'install_progress';
const PROGRESS_KEY = 'install.progress.tfa.all.all';

const step = (status, progress, message, more = {}) => ({ status, progress, message, ...more });
const confirmed = step('confirmed', 0, 'The order is accepted');
const creating = [10, 20, 30, 40].map((percent) => step('in_progress', percent, `Creating the server: ${percent} %`));
const found = step('in_progress', 50, 'The server is up', { srv_ip: SERVER_ADDRESS, ssh_port: 22 });
const installing = [60, 70, 80, 90].map((percent) => step('in_progress', percent, `Installing: ${percent} %`));
const completed = step('completed', 100, 'The stack runs');
const journey = [confirmed, ...creating, found, ...installing, completed];

/** What it reports, in this order. A text is sent as it is. */
const behaviours = {
  complete: journey,
  fail: [confirmed, ...creating, step('failed', 40, 'The provider has no such server')],
  silent: [],
  duplicate: journey.flatMap((report) => [report, report]),
  late: [...journey, step('in_progress', 70, 'This one was late')],
  numbers: journey,
  poison: ['{"id": ', JSON.stringify({ id: '1', status: 'exploded' }), ...journey],
};

export class InstallService {
  /** What was wrong with messages so far. @type {string[]} */
  problems = [];
  #count = 0;

  /**
   * Declares what the install service declares, and takes messages from then on.
   * @param {{ url: string, folder: string, behaviour?: string, paceMs?: number, say?: (line: string) => void }} options
   */
  static async start(options) {
    const service = new InstallService();
    Object.assign(service, { behaviour: 'complete', paceMs: 100, say: () => {}, ...options });
    if (!Object.hasOwn(behaviours, service.behaviour)) throw new Error(`no such behaviour: ${service.behaviour}`);
    await mkdir(service.folder, { recursive: true });
    await service.connect();
    return service;
  }

  /** How many messages have come so far. */
  get received() {
    return this.#count;
  }

  /** Also called after `close`, to go on. */
  async connect() {
    this.connection = await amqp.connect(this.url);
    this.channel = await this.connection.createConfirmChannel();
    await this.channel.assertExchange(INSTALL, 'topic', { durable: true });
    await this.channel.assertExchange(PROGRESS, 'topic', { durable: true });
    await this.channel.assertQueue(INSTALL, { durable: true });
    await this.channel.bindQueue(INSTALL, INSTALL, 'install.start.*.all.all');
    await this.channel.consume(INSTALL, (delivery) => delivery && this.#take(delivery));
    this.say('ready');
  }

  async close() {
    await this.connection.close();
  }

  async #take(delivery) {
    const number = ++this.#count;
    try {
      const message = await this.#keep(number, delivery);
      this.channel.ack(delivery);
      if (message) await this.#report(number, message);
    } catch (error) {
      this.problems.push(error.message);
      this.say(`${number}: ended by an error: ${error.message}`);
    }
  }

  /** Writes down what came; returns the message if it can be worked with. */
  async #keep(number, delivery) {
    const { message, problems } = read(delivery.content);
    const { contentType, deliveryMode, messageId } = delivery.properties;
    const { routingKey, redelivered } = delivery.fields;
    const record = { routingKey, redelivered, contentType, deliveryMode, messageId, problems, message };
    if (problems.length === 0) record.compose = composeOf(message);
    const file = join(this.folder, `${number}.json`);
    // Renamed when it is complete, so that no reader sees half of it.
    await writeFile(`${file}.part`, JSON.stringify(record, null, 2));
    await rename(`${file}.part`, file);
    this.say(`${number}: received deployment ${message?.deployment_hash} by ${routingKey}`);
    for (const problem of problems) this.say(`${number}: problem: ${problem}`);
    this.problems.push(...problems);
    return message;
  }

  async #report(number, message) {
    const behaviour = Object.hasOwn(behaviours, message.stack_code) ? message.stack_code : this.behaviour;
    for (const report of behaviours[behaviour]) {
      await pause(this.paceMs);
      const text = typeof report === 'string' ? report : JSON.stringify(worded(report, message, behaviour));
      this.channel.publish(PROGRESS, PROGRESS_KEY, Buffer.from(text));
      await this.channel.waitForConfirms();
      this.say(`${number}: reported ${report.status ?? 'nonsense'} ${report.progress ?? ''}`.trimEnd());
    }
    this.say(`${number}: ended as ${behaviour}`);
  }
}

function read(content) {
  try {
    const message = JSON.parse(content.toString('utf8'));
    return { message, problems: problemsOf(message) };
  } catch (error) {
    return { message: null, problems: [`it is not JSON: ${error.message}`] };
  }
}

/** A report in the words of version 0.2.1, in which numbers are texts, or of 0.3. */
function worded(report, message, behaviour) {
  if (behaviour === 'numbers') {
    const { deployment_hash } = message;
    const complete = report.status === 'completed';
    return { id: message.id, deploy_id: deployment_hash, deployment_hash, alert: 0, ...report, complete, cancelled: false };
  }
  const id = String(message.id);
  return { id, deploy_id: id, alert: report.status === 'failed' ? 1 : 0, ...report, progress: String(report.progress) };
}

async function main([folder, behaviour]) {
  const url = process.env.STACKER_TEST_AMQP_URL;
  if (!folder || !url) {
    console.error('usage: STACKER_TEST_AMQP_URL=… node install-service.mjs FOLDER [BEHAVIOUR]');
    return 2;
  }
  const paceMs = Number(process.env.INSTALL_SERVICE_PACE_MS ?? 100);
  const stopped = new Promise((resolve) => ['SIGTERM', 'SIGINT'].forEach((signal) => process.once(signal, resolve)));
  const service = await InstallService.start({ url, folder, behaviour: behaviour ?? 'complete', paceMs, say: console.log });
  const lost = new Promise((resolve) => service.connection.once('close', resolve));
  await Promise.race([stopped, lost]);
  await service.close().catch(() => {});
  return service.problems.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
