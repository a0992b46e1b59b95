// A real host: the command from the page is run, and the page shows the host joining, staying and leaving.
import { test as base, expect, open } from '../fixtures';
import { HostAgent } from '../host-agent';

const test = base.extend<{ agent: HostAgent }>({
  agent: async ({}, use) => {
    const agent = await HostAgent.create();
    await use(agent);
    await agent.end();
  },
});

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
test.use({ serverOf: 'hosts' });
test.setTimeout(120_000);

/** Enough time for the agent to poll and for the page to reload its list. */
const soon = { timeout: 40_000 };

test('a host joins, keeps on with a new token, and is let in no more', async ({ page, agent, request }) => {
  const host = page.getByTestId('host-shed');
  const choose = async (action: string) => {
    await host.getByRole('button', { name: 'Actions for shed' }).click();
    await host.getByRole('button', { name: action }).click();
  };

  await test.step('it appears on the page that shows the command', async () => {
    await open(page, '/hosts');
    await page.getByTestId('add-host').click();
    const dialog = page.getByRole('dialog', { name: 'Add a host' });
    await dialog.getByLabel('Name').fill('shed');
    await dialog.getByTestId('host-code').click();
    await expect(dialog.getByText('Waiting for shed')).toBeVisible();
    await agent.join((await dialog.getByLabel('Command for step 2').textContent()) ?? '');
    await expect(dialog.getByText("its agent doesn't run yet")).toBeVisible(soon);
    await expect(host, 'behind the dialog').toContainText('joined, not running yet');
    agent.run();
    await expect(dialog.getByText('shed is ready')).toBeVisible(soon);
    await dialog.getByTestId('host-joined').click();
    await expect(dialog).not.toBeVisible();
    await expect(host).toContainText('online', soon);
  });

  const { agent_id, agent_token: first } = await agent.credentials();
  const token = async () => (await agent.credentials()).agent_token;
  /** The response status of a call with the agent's current token. */
  const status = async () => {
    const headers = { authorization: `Bearer ${await token()}`, 'x-agent-id': agent_id };
    return (await request.get('/api/v1/agent/notifications', { headers })).status();
  };

  await test.step('with a new token it goes on as if nothing had happened', async () => {
    await choose('Rotate token…');
    const dialog = page.getByRole('dialog', { name: 'Rotate the token' });
    await dialog.getByRole('button', { name: 'Rotate token' }).click();
    await expect(dialog.getByText('The new token is on its way')).toBeVisible();
    await expect.poll(token, soon).not.toBe(first);
    expect(await status()).toBe(204);
    await open(page, '/hosts');
    await expect(host).toContainText('online');
    expect(agent.isRunning, agent.output).toBe(true);
    expect(agent.output).not.toContain('Join again');
  });

  await test.step('revoked, it is gone from the page and turned away', async () => {
    await choose('Revoke…');
    const dialog = page.getByRole('dialog', { name: 'Revoke host' });
    await dialog.getByLabel('Type “shed” to confirm').fill('shed');
    await dialog.getByRole('button', { name: 'Revoke this host' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Hosts' })).toBeVisible();
    await expect(host).toHaveCount(0);
    await expect.poll(() => agent.output, soon).toContain('was this host revoked');
    expect(await status()).toBe(401);
  });
});
