// Fixtures of journeys that ask a registry: a small registry on this machine, and a server that may ask it.
import { createHash } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import { test as base, expect } from './fixtures';
import { StackerServer } from './stacker-server.mjs';

interface Image {
  /** `amd64`, `arm64` */
  platforms: string[];
  sizeBytes: number;
  daysOld: number;
}

const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** Answers as a registry does (https://github.com/opencontainers/distribution-spec), read-only and without credentials. */
class Registry {
  /** The paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** The status with which everything is refused. */
  refusesWith?: number;
  private readonly files = new Map<string, { type: string; body: string }>();
  private readonly tags = new Map<string, string[]>();

  private constructor(
    private readonly server: Server,
    /** Host and port, as image references name it. */
    readonly host: string,
  ) {}

  static async start() {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the registry has no port');
    const registry = new Registry(server, `127.0.0.1:${address.port}`);
    server.on('request', (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://registry');
      registry.asked.push(pathname);
      const file = registry.files.get(pathname) ?? registry.list(pathname);
      const status = registry.refusesWith ?? (file ? 200 : 404);
      response.writeHead(status, { 'content-type': file?.type ?? 'application/json' });
      response.end(status === 200 ? file?.body : '{"errors":[]}');
    });
    return registry;
  }

  private list(path: string) {
    const name = /^\/v2\/(.+)\/tags\/list$/.exec(path)?.[1];
    const tags = this.tags.get(name ?? '');
    return tags && { type: 'application/json', body: JSON.stringify({ name, tags }) };
  }

  private keep(name: string, kind: 'blobs' | 'manifests', type: string, content: object) {
    const body = JSON.stringify(content);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    this.files.set(`/v2/${name}/${kind}/${digest}`, { type, body });
    return { mediaType: type, digest, size: body.length };
  }

  /** Adds a tag and returns its digest. */
  push(name: string, tag: string, { platforms, sizeBytes, daysOld }: Image) {
    const created = new Date(Date.now() - daysOld * 86_400_000).toISOString();
    const manifests = platforms.map((architecture) => {
      const config = this.keep(name, 'blobs', 'application/vnd.oci.image.config.v1+json', { os: 'linux', architecture, created, tag });
      const layers = [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: config.digest, size: sizeBytes }];
      const manifest = this.keep(name, 'manifests', MANIFEST, { schemaVersion: 2, mediaType: MANIFEST, config, layers });
      return { ...manifest, platform: { os: 'linux', architecture } };
    });
    const { digest } = this.keep(name, 'manifests', INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
    const index = this.files.get(`/v2/${name}/manifests/${digest}`);
    if (index) this.files.set(`/v2/${name}/manifests/${tag}`, index);
    this.tags.set(name, [...(this.tags.get(name) ?? []), tag]);
    return digest;
  }

  close() {
    this.server.close();
  }
}

export const test = base.extend<object, { registry: Registry }>({
  registry: [
    async ({}, use) => {
      const registry = await Registry.start();
      await use(registry);
      registry.close();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ registry }, use) => {
      const server = await StackerServer.start({
        env: {
          STACKER__CONNECTORS__DOCKERHUB_SERVICE__ENABLED: 'false',
          STACKER__CONNECTORS__REGISTRY__ENABLED: 'true',
          STACKER__CONNECTORS__REGISTRY__DOCKER_HUB_URL: `http://${registry.host}`,
          STACKER__CONNECTORS__REGISTRY__PLAIN_HTTP: registry.host,
          STACKER__CONNECTORS__REGISTRY__ALLOWED_NETWORKS: '127.0.0.0/8',
        },
      });
      await use(server);
      expect(await server.stop(), `exit code of the server, which wrote:\n${server.output}`).toBe(0);
      expect(server.output, 'output of the server').not.toMatch(/panicked at/);
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

export { expect };
