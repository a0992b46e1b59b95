// Hosts: three commands add a machine, closing the dialog leaves none behind, and a host can be renamed and revoked.
import { expect, open, test } from '../fixtures';

test.use({ serverOf: 'hosts' });

test('a host that is not added after all leaves nothing behind', async ({ page }) => {
  await open(page, '/hosts');
  await page.getByTestId('add-host').click();
  const dialog = page.getByRole('dialog', { name: 'Add a host' });
  await dialog.getByLabel('Name').fill('attic');
  await dialog.getByTestId('host-code').click();
  await expect(dialog.getByLabel('Command for step 1')).toHaveText(/^curl \S+ .*\/download\/stacker\?.* sha256sum -c - && chmod 755 .*/);
  await expect(dialog.getByLabel('Command for step 2')).toHaveText(/^\S+\/stacker agent join http:\/\/\S+ --code stkj_\S+$/);
  await expect(dialog.getByLabel('Command for step 3')).toHaveText(/^\S+\/stacker agent install && systemctl .* start stacker-agent$/);
  await expect(dialog.getByText('Waiting for attic')).toBeVisible();
  await expect(dialog.getByText(/works once, for another 1[45] min/)).toBeVisible();
  await page.keyboard.press('Escape');
  await open(page, '/hosts');
  await expect(page.getByRole('button', { name: 'Add a host' })).toBeVisible();
  await expect(page.getByTestId('host-attic')).toHaveCount(0);
});

test('a host is renamed, and revoked by typing its name', async ({ page, api }) => {
  await api.addHost('attic');
  await open(page, '/hosts');
  const host = page.getByTestId('host-attic');
  await expect(host).toContainText('has not joined yet');
  await host.getByRole('button', { name: 'Actions for attic' }).click();
  const rename = page.getByRole('dialog', { name: 'Rename host' });
  await page.getByRole('button', { name: 'Rename…' }).click();
  await rename.getByLabel('Name').fill('garage');
  await rename.getByRole('button', { name: 'Cancel' }).click();
  await host.getByRole('button', { name: 'Actions for attic' }).click();
  await page.getByRole('button', { name: 'Rename…' }).click();
  await expect(rename.getByLabel('Name'), 'a dialog opens with fresh fields').toHaveValue('attic');
  await rename.getByLabel('Name').fill('cellar');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByTestId('host-cellar')).toBeVisible();

  const revoke = async (typed: string) => {
    await page.getByRole('button', { name: 'Actions for cellar' }).click();
    await page.getByRole('button', { name: 'Revoke…' }).click();
    await page.getByRole('dialog', { name: 'Revoke host' }).locator('[name=confirm_name]').fill(typed);
    await page.getByRole('button', { name: 'Revoke this host' }).click();
  };
  await revoke('something else');
  await expect(page.getByText('Nothing was revoked')).toBeVisible();
  await revoke('cellar');
  await expect(page.getByTestId('host-cellar')).toHaveCount(0);
});

test('the pages of hosts and deployments fit a phone and are reached from its header', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/');
  for (const name of ['Deployments', 'Hosts', 'Clouds', 'Projects']) {
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name });
    await link.click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide, `${name} sticks out`).toBe(false);
  }
});

test('a stack with errors is not deployed, and each error leads to its place', async ({ page, api }) => {
  const project = await api.import('Broken', 'services:\n  web:\n    image: nginx:1.27\n    depends_on: [nothing]\n');
  await open(page, `/projects/${project}`);
  await page.getByTestId('deploy').click();
  const dialog = page.getByRole('dialog', { name: 'Deploy' });
  await expect(dialog.getByTestId('deploy-blocked')).toBeVisible();
  await dialog.getByRole('button', { name: /line 4/ }).click();
  await expect(dialog).not.toBeVisible();
});
