// A stack that runs on this machine: the page object of its deployment, and its containers as the engine reports them.
import { execFileSync } from 'node:child_process';
import { type Locator, type Page } from '@playwright/test';
import { Builder } from './builder';
import { expect, open, test as base } from './fixtures';

/** Starting containers takes a while on a busy machine. */
export const up = { timeout: 120_000 };

/** Definition of a service that serves a text, becomes healthy quickly, and stops when asked to. */
export const serving = (words: string, tag = 1) => `
    image: stacker.test/app:${tag}
    command: ["serve", "${words}"]
    stop_signal: SIGKILL
    healthcheck:
      test: ["CMD", "/app", "check"]
      interval: 1s
      timeout: 2s
      retries: 3`;

export const test = base.extend<{
  /** Deploys a new project to this machine from the builder. All deployments are removed after the test. */
  deploy: (name: string, compose: string) => Promise<Deployment>;
}>({
  deploy: async ({ page, api }, use) => {
    const hashes: string[] = [];
    await use(async (name, compose) => {
      const project = await api.import(name, compose);
      await Builder.open(page, project);
      await page.getByTestId('deploy').click();
      await expect(page.getByTestId('targets')).toContainText('New on', up);
      await page.getByTestId('deploy-plan').click();
      await page.getByTestId('plan-apply').click(up);
      await expect(page.getByTestId('not-deployed')).toHaveText('Everything is deployed', up);
      const { hash, stack } = await api.deployment(project);
      hashes.push(hash);
      return new Deployment(page, project, hash, stack);
    });
    for (const hash of hashes) await api.remove(hash);
  },
});

export class Deployment {
  readonly work: Locator;
  readonly drift: Locator;
  readonly plan: Locator;
  readonly history: Locator;

  constructor(
    readonly page: Page,
    readonly project: number,
    readonly hash: string,
    readonly stack: string,
  ) {
    this.work = page.getByTestId('work-title');
    this.drift = page.getByTestId('drift');
    this.plan = page.getByRole('dialog', { name: 'Plan' });
    this.history = page.getByTestId('history').getByRole('listitem');
  }

  async open() {
    await open(this.page, `/deployments/${this.hash}`);
  }

  /** Saves another compose file in the project and opens the page of its deployment. */
  async edit(compose: string) {
    const builder = await Builder.open(this.page, this.project);
    await builder.text.fill(compose);
    await builder.saved();
    await this.open();
  }

  service(name: string) {
    return this.page.getByTestId(`service-${name}`);
  }

  async act(action: 'Start' | 'Stop' | 'Restart', service: string) {
    await this.page.getByRole('button', { name: `Actions for ${service}` }).click();
    await this.page.getByRole('button', { name: action, exact: true }).click();
    await expect(this.page.locator(`#service-menu-${service}`), 'a menu closes when something was chosen').not.toBeVisible();
  }

  /** Waits for the plan and applies it. */
  async apply() {
    await this.plan.getByTestId('plan-apply').click(up);
  }

  /** Expects this many revisions in the history, with the newest one running. */
  async runsTheNewestOf(tries: number) {
    await expect(this.history).toHaveCount(tries, up);
    await expect(this.history.first()).toContainText('running', up);
  }

  /** The ids of all containers of a service, running or not. */
  containers(service: string) {
    return containers(`label=com.docker.compose.project=${this.stack}`, `label=com.docker.compose.service=${service}`);
  }

  /** Reads a value of the service's only container. `format` is that of `podman inspect`. */
  inspect(service: string, format: string) {
    return engine('inspect', '--format', format, ...this.containers(service)).trim();
  }
}

export function containers(...filters: string[]) {
  const named = filters.flatMap((filter) => ['--filter', filter]);
  return engine('ps', '--all', '--quiet', ...named).split('\n').filter(Boolean);
}

/** Calls the engine directly, as a user of the host would. The client is installed together with the test engine. */
export function engine(...command: string[]) {
  return execFileSync('podman', ['--url', process.env.DOCKER_HOST ?? '', ...command], { encoding: 'utf8' });
}
