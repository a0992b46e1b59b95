// The journey that must always work, on real containers: deploy to this machine, change, look at the plan, apply, automatic
// return from a bad revision, return by hand, remove. The contents of the volume are still there at the end.
// Needs a container engine in DOCKER_HOST with the image of end2end/images: scripts/with-test-podman.sh starts one.
import type { Page } from '@playwright/test';
import { Builder } from '../builder';
import { Deployment, engine, up } from '../deployment';
import { expect, open, pictures, test } from '../fixtures';

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
// How long the agent waits for a service that never becomes healthy.
test.use({ serverOf: 'deploying', serverEnv: { STACKER__AGENTS__HEALTH_TIMEOUT_SECS: '20' } });
test.setTimeout(600_000);

const stack = (text: string, mode = 'serve') => `services:
  web:
    image: stacker.test/app:1
    command: ["${mode}", "${text}"]
    stop_signal: SIGKILL
    ports:
      - "18080:8080"
    healthcheck:
      test: ["CMD", "/app", "check"]
      interval: 1s
      timeout: 2s
      retries: 3
  notes:
    image: stacker.test/app:1
    command: ["write", "/data/notes", "kept"]
    stop_signal: SIGKILL
    volumes:
      - notes:/data
volumes:
  notes:
`;

test('deploy, change, go back by itself, go back by hand, remove', async ({ page, api }) => {
  const project = await api.import('Journey', stack('one'));
  const builder = await Builder.open(page, project);

  await test.step('deploy to this machine, after a look at the plan', async () => {
    await page.getByTestId('deploy').click();
    await expect(page.getByTestId('targets')).toContainText('New on', up);
    await page.getByTestId('deploy-plan').click();
    await expect(page.getByTestId('plan-web')).toContainText('create', up);
    await expect(page.getByTestId('plan-notes')).toContainText('create');
    await pictures(page, 'deploy-plan');
    await page.getByTestId('plan-apply').click();
    await expect(page.getByTestId('live-strip')).toBeVisible();
    await expect(builder.canvas.getByTestId('live-web')).toContainText('healthy', up);
    await expect(page.getByTestId('not-deployed')).toHaveText('Everything is deployed', up);
    await pictures(page, 'builder-live');
  });

  await test.step('what runs is controlled from the same canvas', async () => {
    await builder.canvas.getByTestId('node-web').click();
    const live = page.getByTestId('inspector-live');
    await expect(live).toContainText('healthy');
    await live.getByRole('button', { name: 'Logs of web' }).click();
    await expect(page.getByRole('log')).toContainText('listening on 8080', up);
    await pictures(page, 'builder-live-logs');
    await page.getByRole('button', { name: 'Close the logs' }).click();
    const { hash, stack: name } = await api.deployment(project);
    const web = new Deployment(page, project, hash, name);
    const startedAt = () => web.inspect('web', '{{.State.StartedAt}}');
    const before = startedAt();
    await live.getByRole('button', { name: 'Actions for web' }).click();
    await page.getByRole('button', { name: 'Restart' }).click();
    await expect.poll(startedAt, up).not.toBe(before);
    await expect(live).toContainText('healthy', up);
  });

  await test.step('what was changed in the builder is told, planned and applied', async () => {
    await builder.text.fill(stack('two'));
    await builder.saved();
    await expect(page.getByTestId('not-deployed')).toHaveText('1 change not deployed');
    await page.getByTestId('open-deployment').click();
    await expect(page.getByTestId('revision-1')).toContainText('deployed');
    await page.getByTestId('plan-update').click();
    await expect(page.getByTestId('plan-web')).toContainText('recreate', up);
    await expect(page.getByTestId('plan-notes')).toContainText('unchanged');
    await page.getByTestId('plan-apply').click();
    await expect(page.getByTestId('work-title')).toHaveText('Deploying: done', up);
    await expect(page.getByTestId('service-web')).toContainText('healthy');
    expect(await said()).toContain('two');
  });

  await test.step('the logs are there', async () => {
    await page.getByRole('button', { name: 'Logs of web' }).click();
    await expect(page.getByRole('log')).toContainText('listening on 8080', up);
    await pictures(page, 'deployment-logs');
    await page.getByRole('button', { name: 'Close the logs' }).click();
  });

  await test.step('a revision that does not become healthy goes back by itself', async () => {
    await update(page, project, stack('three', 'sick'));
    await page.getByTestId('plan-apply').click();
    await expect(page.getByTestId('work-title')).toHaveText('Deploying: failed', up);
    await expect(page.getByTestId('history')).toContainText('rolled back');
    await pictures(page, 'deployment-gone-back');
    await expect(page.getByTestId('service-web')).toContainText('healthy', up);
    expect(await said()).toContain('two');
  });

  await test.step('and an earlier one comes back by hand', async () => {
    await page.getByTestId('go-back-1').click();
    await expect(page.getByTestId('plan-web')).toContainText('recreate', up);
    await page.getByTestId('plan-apply').click();
    await expect(page.getByTestId('work-title')).toHaveText('Deploying: done', up);
    expect(await said()).toContain('one');
  });

  await test.step('removed by its name; the volume stays', async () => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove this deployment' });
    await expect(dialog.getByTestId('what-stays')).toContainText('All its volumes stay');
    const name = /Type “(.+)” to confirm/.exec(await dialog.innerText())?.[1] ?? '';
    await dialog.getByRole('textbox').fill(name);
    await dialog.getByTestId('remove-confirm').click();
    await expect(page.getByText('This deployment was removed')).toBeVisible(up);
    expect(engine('volume', 'ls', '--quiet')).toContain(`${name}_notes`);
    expect(engine('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${name}`).trim()).toBe('');
  });
});

/** Saves another compose file in the project and requests the plan on the page of its deployment. */
async function update(page: Page, project: number, text: string) {
  const deployment = page.url();
  const builder = await Builder.open(page, project);
  await builder.text.fill(text);
  await builder.saved();
  await open(page, deployment);
  await page.getByTestId('plan-update').click();
  await expect(page.getByTestId('plan-web')).toContainText('recreate', up);
}

async function said() {
  return (await fetch('http://127.0.0.1:18080/')).text();
}
