// The REST API as journeys use it: to make projects quickly, and to see what the server really holds.
import { type APIRequestContext, request } from '@playwright/test';
import type { StackerServer } from './stacker-server.mjs';

export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'hint';
  message: string;
}

export class RestApi {
  private constructor(private readonly context: APIRequestContext) {}

  /** As the local operator, with a bearer token of its own. */
  static async of(server: StackerServer) {
    const extraHTTPHeaders = { authorization: `Bearer ${await server.newToken()}` };
    return new RestApi(await request.newContext({ baseURL: server.url, extraHTTPHeaders }));
  }

  /** A new project from a compose file; its id. */
  async import(name: string, compose: string): Promise<number> {
    const { item } = await this.ask('post', '/project/import', { name, compose });
    return item.id;
  }

  /** The compose file as the server holds it. */
  async compose(project: number): Promise<string> {
    return (await this.ask('get', `/project/${project}/compose`)).item;
  }

  /** What the rules say about a text, on the server. */
  async check(compose: string): Promise<Finding[]> {
    return (await this.ask('post', '/check', { compose })).list;
  }

  /** The one deployment of a project: how it is addressed, and what its stack is called on the host. */
  async deployment(project: number): Promise<{ hash: string; stack: string }> {
    const { list } = await this.ask('get', `/api/v1/deployments?project_id=${project}`);
    return { hash: list[0].deployment_hash, stack: list[0].stack };
  }

  /** A new API client. */
  async addClient(name: string) {
    await this.ask('post', '/client', { name });
  }

  /** Begins to take a stack down. */
  async remove(deployment: string) {
    await this.ask('delete', `/api/v1/deployments/${deployment}`);
  }

  /** Every project is gone: for what is only seen while there are none. */
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
