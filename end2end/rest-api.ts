// The REST API for journeys: to create projects quickly, and to check what the server stored.
import { type APIRequestContext, request } from '@playwright/test';
import type { StackerServer } from './stacker-server.mjs';

export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'hint';
  message: string;
}

export class RestApi {
  private constructor(private readonly context: APIRequestContext) {}

  /** Calls as the local operator, with its own bearer token. */
  static async of(server: StackerServer) {
    const extraHTTPHeaders = { authorization: `Bearer ${await server.newToken()}` };
    return new RestApi(await request.newContext({ baseURL: server.url, extraHTTPHeaders }));
  }

  /** Creates a project from a compose file and returns its id. */
  async import(name: string, compose: string): Promise<number> {
    const { item } = await this.ask('post', '/project/import', { name, compose });
    return item.id;
  }

  /** The stored compose file. */
  async compose(project: number): Promise<string> {
    return (await this.ask('get', `/project/${project}/compose`)).item;
  }

  /** The findings of the server for a compose file. */
  async check(compose: string): Promise<Finding[]> {
    return (await this.ask('post', '/check', { compose })).list;
  }

  /** The only deployment of a project: its hash, and the name of its stack on the host. */
  async deployment(project: number): Promise<{ hash: string; stack: string }> {
    const { list } = await this.ask('get', `/api/v1/deployments?project_id=${project}`);
    return { hash: list[0].deployment_hash, stack: list[0].stack };
  }

  /** Adds a host that waits for its agent. */
  async addHost(name: string) {
    await this.ask('post', '/api/v1/hosts', { name });
  }

  /** Creates an API client. */
  async addClient(name: string) {
    await this.ask('post', '/client', { name });
  }

  /** Starts the removal of a stack. */
  async remove(deployment: string) {
    await this.ask('delete', `/api/v1/deployments/${deployment}`);
  }

  /** Deletes every project, for views that are shown only while there are none. */
  async deleteAll() {
    for (const { id } of (await this.ask('get', '/project')).list) await this.ask('delete', `/project/${id}`);
  }

  async end() {
    await this.context.dispose();
  }

  private async ask(method: 'get' | 'post' | 'delete', path: string, data?: object) {
    const answer = await this.context[method](path, { data });
    if (!answer.ok()) throw new Error(`${method} ${path} was answered with ${answer.status()}: ${await answer.text()}`);
    return answer.json();
  }
}
