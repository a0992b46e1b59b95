// Clouds: from nothing but a key to a machine with a running stack, what fails on the way, and what a removal leaves.
import { open, picture } from '../fixtures';
import { TOKEN, expect, rabbitmqctl, test } from '../with-broker';

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n    ports: ["8080:80"]\n';

test.use({ serverOf: 'clouds' });
test.describe.configure({ mode: 'serial' });

test('a key is added, checked, and never shown again', async ({ page, server }) => {
  await open(page, '/clouds');
  await expect(page.getByText('No cloud yet')).toBeVisible();
  await page.getByTestId('add-cloud').click();
  const dialog = page.getByRole('dialog', { name: 'Cloud' });
  await dialog.getByLabel('Provider').selectOption({ label: 'Hetzner Cloud' });
  await expect(dialog.getByRole('link', { name: /Create a key at Hetzner Cloud/ })).toBeVisible();
  await dialog.getByLabel('Name').fill('Work');
  await dialog.getByLabel('API token').fill(TOKEN);
  await dialog.getByRole('button', { name: 'Add this cloud' }).click();
  const cloud = page.getByTestId('cloud-Work');
  await expect(cloud).toContainText('Key ****1234, stored encrypted');
  await expect(cloud).toContainText('Not used by a deployment');
  await cloud.getByRole('button', { name: 'Actions for Work' }).click();
  await page.getByRole('button', { name: 'Check the key' }).click();
  await expect(cloud.getByTestId('key-check')).toContainText('key is valid');
  expect(await page.content()).not.toContain(TOKEN);
  const answer = await page.request.get(`${server.url}/clouds`);
  expect(await answer.text()).not.toContain(TOKEN);
  await picture(page, 'clouds');
});

test('the list fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/clouds');
  await expect(page.getByTestId('cloud-Work')).toBeVisible();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide, 'the page sticks out').toBe(false);
  await picture(page, 'clouds-phone');
});

test('a stack goes to a new machine and its progress is followed on the page', async ({ page, api }) => {
  const project = await api.import('Shop', COMPOSE);
  await open(page, `/projects/${project}`);
  await page.getByTestId('deploy').click();
  const dialog = page.getByRole('dialog', { name: 'Deploy' });
  await dialog.getByText('New machine in “Work”').click();
  await dialog.getByTestId('deploy-plan').click();
  await dialog.getByLabel('Region').selectOption({ label: 'Falkenstein, DE (fsn1)' });
  await dialog.getByLabel('Size').selectOption({ label: 'cx22: 2 CPU, 4 GiB, 40 GB disk, 3.79 EUR' });
  await dialog.getByLabel('Operating system').selectOption({ label: 'Debian 12' });
  const plan = dialog.getByTestId('cloud-plan');
  await expect(plan).toContainText('One machine at Hetzner Cloud, with the key “Work”');
  await expect(plan).toContainText('3.79 EUR a month');
  await expect(plan).toContainText('bills the owner of “Work”');
  await picture(page, 'cloud-order');
  await dialog.getByTestId('cloud-deploy').click();
  await page.getByTestId('open-deployment').click();
  const install = page.getByTestId('install');
  await expect(install).toContainText('The install service is working');
  await expect(install.getByTestId('install-address')).toHaveText('203.0.113.7 (SSH on port 22)');
  await picture(page, 'cloud-deployment');
  await expect(install).toContainText('The machine runs the stack');
  await expect(install.getByTestId('install-percent')).toHaveText('100 %');
  await expect(page.getByTestId('deployment-state')).toContainText('deployed');
  // What the page shows was stored, and not only received.
  await page.reload();
  await expect(install.getByTestId('install-message')).toHaveText('The stack runs');
});

test('the machine is among the hosts once its agent has registered', async ({ page, server }) => {
  await open(page, '/clouds');
  const link = await page.getByTestId('servers').getByRole('link', { name: 'Deployment' }).getAttribute('href');
  const hash = link?.split('/').pop() ?? '';
  await open(page, '/hosts');
  await expect(page.getByText('No host yet')).toBeVisible();
  // What the agent on the machine does: it registers with the hash of its deployment, then it asks for commands.
  const body = { deployment_hash: hash, capabilities: [], agent_version: '0.1.9' };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1/agent/register`, { method: 'POST', headers, body: JSON.stringify(body) });
  const { agent_id, agent_token } = (await answer.json()).data.item;
  // The page that is open shows it without being loaded again.
  const machine = page.getByTestId('machine');
  await expect(machine).toContainText('Machine of the cloud deployment “Shop”');
  await expect(machine).toContainText('Hetzner Cloud · 203.0.113.7 · agent 0.1.9');
  await expect(machine).toContainText('joined, not running yet');
  const credentials = { 'x-agent-id': agent_id, authorization: `Bearer ${agent_token}` };
  await fetch(`${server.url}/api/v1/agent/notifications`, { headers: credentials });
  await expect(machine).toContainText('online', { timeout: 30_000 });
  await picture(page, 'hosts-with-machine');
  await machine.getByRole('link', { name: 'Deployment' }).click();
  await expect(page.getByTestId('deployment-state')).toContainText('online');
});

test('the machine is listed, and a removal says that it keeps running', async ({ page, api }) => {
  await open(page, '/clouds');
  await expect(page.getByTestId('servers')).toContainText('203.0.113.7');
  await expect(page.getByTestId('cloud-Work')).toContainText('Used by 1 deployment');
  await page.getByTestId('servers').getByRole('link', { name: 'Deployment' }).click();
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Remove…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove this deployment' });
  await expect(dialog).toContainText('stay at Hetzner Cloud, which keeps billing you');
  const label = await dialog.getByLabel(/^Type “/).getAttribute('id');
  const name = (await dialog.locator(`label[for="${label}"]`).textContent())?.match(/“(.*)”/)?.[1] ?? '';
  await dialog.getByLabel(/^Type “/).fill(name);
  await dialog.getByTestId('remove-confirm').click();
  await expect(page.getByText(/is no longer tracked here\. .* keeps running at Hetzner Cloud/)).toBeVisible();
  // The list still shows it, because the machine still exists.
  await expect(page.getByTestId('deployment-row')).toContainText('a machine at Hetzner Cloud keeps running and is billed');
  await page.getByTestId('deployment-row').getByRole('link', { name: 'Shop' }).click();
  await expect(page.getByText('This deployment is no longer tracked')).toBeVisible();
  await api.deleteAll();
});

test.describe('a refused order', () => {
  // The browser reports the refusal itself, too.
  test.use({ tolerated: [/409 \(Conflict\)/] });

  test('what a machine without the files of the user cannot run is refused before anything is created', async ({ page, api }) => {
    const project = await api.import('Local', 'services:\n  web:\n    image: nginx:1.27\n    volumes: ["./html:/srv"]\n');
    await open(page, `/projects/${project}`);
    await page.getByTestId('deploy').click();
    const dialog = page.getByRole('dialog', { name: 'Deploy' });
    await dialog.getByText('New machine in “Work”').click();
    await dialog.getByTestId('deploy-plan').click();
    await dialog.getByTestId('cloud-deploy').click();
    await expect(dialog.getByText('Nothing was created')).toBeVisible();
    await expect(dialog.getByRole('alert')).toContainText('./html');
  });
});

test('while the broker is down the deployment waits, and afterwards it is sent once', async ({ page, api, installer }) => {
  const project = await api.import('Patient', COMPOSE);
  const before = installer.received;
  await installer.close();
  await rabbitmqctl('stop_app');
  const install = page.getByTestId('install');
  try {
    await open(page, `/projects/${project}`);
    await page.getByTestId('deploy').click();
    const dialog = page.getByRole('dialog', { name: 'Deploy' });
    await dialog.getByText('New machine in “Work”').click();
    await dialog.getByTestId('deploy-plan').click();
    await dialog.getByTestId('cloud-deploy').click();
    await page.getByTestId('open-deployment').click();
    await expect(install).toContainText('Waiting for the message broker');
    await expect(install).toContainText('The deployment has waited since');
    await picture(page, 'cloud-waits-for-broker');
  } finally {
    await rabbitmqctl('start_app');
    await installer.connect();
  }
  await expect(install).toContainText('The machine runs the stack', { timeout: 30_000 });
  await expect(install).not.toContainText('waited since');
  expect(installer.received - before, 'how often it was sent').toBe(1);
  await api.remove((await api.deployment(project)).hash);
  await api.deleteAll();
});

test('a cloud is deleted by typing its name', async ({ page }) => {
  await open(page, '/clouds');
  await page.getByRole('button', { name: 'Actions for Work' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete cloud' });
  await dialog.locator('[name=confirm_name]').fill('Work');
  await dialog.getByRole('button', { name: 'Delete this cloud' }).click();
  await expect(page.getByText('No cloud yet')).toBeVisible();
});
