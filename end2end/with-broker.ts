// Fixtures of journeys that deploy to a cloud: a server with a message broker, an install service, and a provider's API.
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test as base, expect } from './fixtures';
import { InstallService } from './install-service.mjs';
import { StackerServer, scratchFolder } from './stacker-server.mjs';

/** The token that the simulated provider accepts. */
export const TOKEN = 'a-token-of-the-provider-1234';

/** Answers as the API of Hetzner Cloud does, read-only. */
class CloudProvider {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start() {
    const answers: Record<string, object> = {
      '/locations': {
        locations: [
          { name: 'fsn1', city: 'Falkenstein', country: 'DE' },
          { name: 'hel1', city: 'Helsinki', country: 'FI' },
        ],
      },
      '/server_types': {
        server_types: [
          {
            name: 'cx22',
            cores: 2,
            memory: 4,
            disk: 40,
            prices: [{ location: 'fsn1', price_monthly: { net: '3.7900' } }],
          },
        ],
      },
      '/images': { images: [{ name: 'debian-12', description: 'Debian 12', deprecated: null }] },
      '/pricing': { pricing: { currency: 'EUR' } },
    };
    const server = createServer((request, response) => {
      const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
      const body = answers[new URL(request.url ?? '/', 'http://provider').pathname];
      response.writeHead(isKnown ? (body ? 200 : 404) : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isKnown ? (body ?? {}) : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the provider has no port');
    return new CloudProvider(server, `http://127.0.0.1:${address.port}`);
  }

  close() {
    this.server.close();
  }
}

/** A virtual host of the test broker that no other test uses. */
async function virtualHost() {
  const folder = process.env.STACKER_TEST_AMQP_VHOSTS;
  if (!folder) throw new Error('no broker: scripts/with-test-rabbitmq.sh starts one');
  for (const name of await readdir(folder)) {
    // Removing the file claims the virtual host.
    const mine = await rm(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (mine) return name;
  }
  throw new Error('no virtual host is left');
}

/** Operates the node of the tests: `stop_app`, `start_app`. Everybody who uses the node notices, so only one file of journeys may. */
export async function rabbitmqctl(command: string) {
  const program = process.env.STACKER_TEST_RABBITMQCTL;
  if (!program) throw new Error('no broker: scripts/with-test-rabbitmq.sh starts one');
  await promisify(execFile)(program, [command]);
}

export const test = base.extend<object, { broker: URL; provider: CloudProvider; installer: InstallService }>({
  broker: [
    async ({}, use) => {
      const url = new URL(process.env.STACKER_TEST_AMQP_URL ?? '');
      url.pathname = `/${encodeURIComponent(await virtualHost())}`;
      await use(url);
    },
    { scope: 'worker' },
  ],

  provider: [
    async ({}, use) => {
      const provider = await CloudProvider.start();
      await use(provider);
      provider.close();
    },
    { scope: 'worker' },
  ],

  installer: [
    async ({ broker }, use) => {
      const folder = join(await scratchFolder(), 'messages');
      const installer = await InstallService.start({ url: broker.href, folder, paceMs: 150 });
      await use(installer);
      await installer.close();
      expect(installer.problems, 'what was wrong with the messages').toEqual([]);
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ broker, provider, installer: _ }, use) => {
      const server = await StackerServer.start({
        env: {
          STACKER__LOCAL_AGENT__ENABLED: 'false',
          STACKER__AMQP__HOST: broker.hostname,
          STACKER__AMQP__PORT: broker.port,
          STACKER__AMQP__USERNAME: decodeURIComponent(broker.username),
          STACKER__AMQP__PASSWORD: decodeURIComponent(broker.password),
          STACKER__AMQP__VHOST: decodeURIComponent(broker.pathname.slice(1)),
          STACKER__CONNECTORS__CLOUD_API__HETZNER_URL: provider.url,
        },
      });
      await use(server);
      expect(await server.stop(), `exit code of the server, which wrote:\n${server.output}`).toBe(0);
      expect(server.output, 'output of the server').not.toMatch(/panicked at/);
      expect(server.output, 'no log has the key').not.toContain(TOKEN);
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

export { expect };
