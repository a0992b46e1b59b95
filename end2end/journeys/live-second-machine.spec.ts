// A second machine joins and runs the first stack: from the builder, without a host, by visible names and the shown commands only.
import { Builder } from '../builder';
import { Deployment, serving, up } from '../deployment';
import { expect, open, pictures, test } from '../fixtures';
import { Shell } from '../shell';
import { UserActions } from '../user-actions';

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
// The server's own machine is no host here.
test.use({ serverOf: 'second machine', serverEnv: { STACKER__LOCAL_AGENT__ENABLED: 'false' } });
test.setTimeout(240_000);

test('a second machine joins and runs the first stack', async ({ page, api }) => {
  const project = await api.import('First', `services:\n  web:${serving('hello')}\n`);
  await Builder.open(page, project);
  const user = new UserActions();
  const machine = await Shell.create();
  const dialog = page.getByRole('dialog', { name: 'Deploy' });
  const step = (number: number) => dialog.getByTestId(`setup-step-${number}`);
  const command = async (number: number) => {
    const text = await user.copy(dialog.getByLabel(`Command for step ${number}`));
    user.note(`paste it on the machine`);
    return text;
  };

  await test.step('without a host, deploy leads to adding one', async () => {
    await user.click(page.getByRole('button', { name: 'Deploy', exact: true }));
    await expect(dialog.getByText('There is no host to deploy to yet')).toBeVisible();
    await user.enter(dialog.getByLabel('Name'), 'shelf');
    await user.click(dialog.getByRole('button', { name: 'Show the steps' }));
    await expect(dialog.getByText(/^Only this machine reaches http:/)).toBeVisible();
    await user.choose(dialog.getByLabel('How the agent runs there'), 'In a terminal, without systemd');
    await pictures(page, 'add-host-steps');
  });

  await test.step('each step is one command and is ticked when it is done', async () => {
    const get = await command(1);
    expect(get).toMatch(/sha256sum -c/);
    expect(get).not.toMatch(/stkj_|token|code/);
    await machine.run(get);
    await expect(step(1)).toContainText('done', up);
    await machine.run(await command(2));
    await expect(step(2)).toContainText('done', up);
    await expect(dialog.getByText("its agent doesn't run yet")).toBeVisible();
    machine.start(await command(3));
    await expect(step(3)).toContainText('done', up);
    await expect(dialog.getByText('shelf is ready')).toBeVisible(up);
  });

  await test.step('and the deploy goes on from there', async () => {
    await user.click(dialog.getByRole('button', { name: 'Go on with the deploy' }));
    await user.click(dialog.getByRole('button', { name: 'See what would change' }));
    await user.click(dialog.getByRole('button', { name: 'Deploy', exact: true }), up);
    await expect(page.getByTestId('not-deployed')).toHaveText('Everything is deployed', up);
  });
  user.expectAtMost(25, 'A second machine joins and runs the first stack');

  await test.step('a look at another plan leaves no record', async () => {
    const { hash, stack } = await api.deployment(project);
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await dialog.getByText('New on shelf').click();
    await dialog.getByRole('button', { name: 'See what would change' }).click();
    await expect(page.getByTestId('plan-summary')).toBeVisible(up);
    await page.keyboard.press('Escape');
    await expect(dialog).not.toBeVisible();
    await open(page, '/deployments');
    await expect(page.getByTestId('deployment-row')).toHaveCount(1);
    const deployment = new Deployment(page, project, hash, stack);
    expect(deployment.containers('web')).toHaveLength(1);
    await api.remove(hash);
    await deployment.open();
    await expect(page.getByText('This deployment was removed')).toBeVisible(up);
  });

  await test.step('leave undoes it all', async () => {
    await machine.run('./stacker agent leave --data-dir stacker-agent');
    await open(page, '/hosts');
    await expect(page.getByText('No host yet')).toBeVisible();
  });
  await machine.end();
});
