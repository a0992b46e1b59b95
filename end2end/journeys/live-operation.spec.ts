// Operating a running stack from its page: services, logs, stale plans, history, and what the policy of the host forbids.
import { readFile } from 'node:fs/promises';
import { containers, engine, serving, test, up } from '../deployment';
import { expect, open } from '../fixtures';

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
test.use({ serverOf: 'containers' });
test.setTimeout(300_000);

const composed = (port: number, text: string) => `services:
  notes:${serving('notes')}
  web:${serving(text)}
    ports:
      - "${port}:8080"
`;

test('a service is read, stopped, started and restarted', async ({ page, deploy }) => {
  const deployment = await deploy('Operated', composed(18081, 'one'));
  await deployment.open();
  const web = deployment.service('web');

  await test.step('its logs are searched, followed and taken away', async () => {
    await page.getByRole('button', { name: 'Logs of web' }).click();
    const logs = page.getByTestId('logs');
    const lines = logs.getByRole('log').getByRole('paragraph');
    await expect(lines).toHaveCount(2, up);
    await logs.getByRole('searchbox').fill('LISTENING');
    await expect(lines).toHaveText([/listening on 8080/]);
    await expect(logs.getByRole('status')).toHaveText('1 of 2 lines');

    await logs.getByRole('searchbox').fill('came by');
    await expect(lines).toHaveCount(0);
    // Writes to the output of the container's first process.
    engine('exec', ...deployment.containers('web'), '/app', 'append', '/proc/1/fd/1', 'somebody came by');
    await expect(lines).toHaveText([/somebody came by/], up);

    await logs.getByRole('searchbox').clear();
    await expect(lines).toHaveCount(3);
    const starts = page.waitForEvent('download');
    await logs.getByRole('button', { name: /^Download/ }).click();
    const download = await starts;
    expect(download.suggestedFilename()).toBe('web.log');
    const text = await readFile(await download.path(), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(3);
    expect(text).toMatch(/^\d{4}-\S+ stdout listening on 8080$/m);
    expect(text).toMatch(/^\d{4}-\S+ stdout somebody came by$/m);
    expect(text, 'a password that it writes').not.toContain('hunter2');
    await logs.getByRole('button', { name: 'Close the logs' }).click();
  });

  await test.step('stopped', async () => {
    await deployment.act('Stop', 'web');
    await expect(deployment.work).toHaveText('Stopping: done', up);
    await expect(web).toContainText('stopped', up);
    await expect(deployment.service('notes')).toContainText('healthy');
    expect(deployment.inspect('web', '{{.State.Running}}')).toBe('false');
    await expect(deployment.drift, 'what was stopped here was not changed by hand').toHaveCount(0);
  });

  await test.step('started', async () => {
    await deployment.act('Start', 'web');
    await expect(deployment.work).toHaveText('Starting: done', up);
    await expect(web).toContainText('healthy', up);
    expect(deployment.inspect('web', '{{.State.Running}}')).toBe('true');
  });

  await test.step('restarted', async () => {
    const before = deployment.inspect('web', '{{.State.StartedAt}}');
    await deployment.act('Restart', 'web');
    await expect(deployment.work).toHaveText('Restarting: done', up);
    expect(deployment.inspect('web', '{{.State.StartedAt}}')).not.toBe(before);
    await expect(web).toContainText('healthy', up);
  });
});

test('the history tells what differs between what was deployed', async ({ page, deploy }) => {
  const deployment = await deploy('Compared', composed(18082, 'one'));
  await deployment.edit(composed(18082, 'two'));
  await page.getByTestId('plan-update').click();
  await deployment.apply();
  await deployment.runsTheNewestOf(2);

  await page.getByRole('button', { name: 'Actions for revision 2' }).click();
  await page.getByRole('button', { name: 'Show differences…' }).click();
  const differences = page.getByRole('dialog', { name: 'Differences' }).getByRole('row');
  await expect(differences.first()).toHaveText(/Revision 1\s*Revision 2/);
  await expect(differences.filter({ has: page.locator('.conflict-changed') })).toHaveText([/"one".*"two"/]);
});

test('a stale plan is not carried out, and the current one is shown', async ({ page, deploy }) => {
  const deployment = await deploy('Overtaken', composed(18083, 'one'));
  await deployment.edit(`${composed(18083, 'two')}      - "18084:8080"\n`);
  await page.getByTestId('plan-update').click();
  await expect(page.getByTestId('plan-web')).toContainText('recreate', up);
  await expect(page.getByTestId('plan-notes')).toContainText('unchanged');

  const before = deployment.containers('web');
  engine('rm', '--force', ...deployment.containers('notes'));
  engine('run', '--detach', '--name', 'intruder', '--publish', '18084:8080', 'stacker.test/app:1');
  await deployment.apply();
  await expect(deployment.plan).toContainText('The host changed after the plan was made.', { timeout: 30_000 });
  await expect(page.getByTestId('plan-notes')).toContainText('create', up);
  await expect(page.getByTestId('plan-web')).toContainText('recreate');
  await expect(deployment.plan).toContainText('taken by container intruder');
  await expect(page.getByTestId('plan-apply')).toHaveCount(0);
  expect(deployment.containers('web'), 'nothing was done').toEqual(before);
  expect(deployment.containers('notes')).toEqual([]);

  engine('rm', '--force', 'intruder');
  await deployment.plan.getByRole('button', { name: 'Plan again' }).click();
  await deployment.apply();
  await deployment.runsTheNewestOf(2);
  await expect(deployment.service('notes')).toContainText('healthy', up);
  expect(deployment.containers('web')).not.toEqual(before);
  expect(deployment.containers('notes')).toHaveLength(1);
});

test('what the policy of the host forbids is refused by its rule, and nothing is started', async ({ page, api }) => {
  const mighty = `services:\n  web:${serving('web')}\n  mighty:${serving('mighty')}\n    privileged: true\n`;
  const project = await api.import('Mighty', mighty);
  await open(page, `/projects/${project}`);
  await page.getByTestId('deploy').click();
  await expect(page.getByTestId('targets')).toContainText('New on', up);
  await page.getByTestId('deploy-plan').click();
  const dialog = page.getByRole('dialog', { name: 'Deploy' });
  await expect(dialog.getByTestId('plan-refused')).toContainText('The host refuses mighty', up);
  await expect(dialog.getByTestId('plan-refused')).toContainText('Rule allow_privileged');
  await expect(dialog.getByText('The host refuses this plan')).toBeVisible();
  await expect(dialog.getByTestId('plan-apply')).toHaveCount(0);
  expect(containers('label=com.docker.compose.service=mighty')).toEqual([]);
});
