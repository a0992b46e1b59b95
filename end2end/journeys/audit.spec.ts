// The audit log: each action adds a line; lines can be filtered and exported. A deletion requires typing the name.
import { readFile } from 'node:fs/promises';
import { expect, hydrated, open, pictures, test } from '../fixtures';

// Far from UTC, so that local times differ from those that the server writes.
test.use({ serverOf: 'audit', timezoneId: 'Asia/Kolkata' });

test('a deleted project is found in the log, by whom and from where, and taken away as a file', async ({ page, api }) => {
  await api.import('Old shop', 'services:\n  web:\n    image: nginx:1.27\n');
  await open(page, '/');
  await page.getByRole('button', { name: 'Actions for Old shop' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete project' });
  await dialog.getByLabel('Type “Old shop” to confirm').fill('New shop');
  await dialog.getByRole('button', { name: 'Delete this project' }).click();
  await expect(page.getByText('Nothing was deleted')).toBeVisible();
  await hydrated(page);
  await page.getByRole('button', { name: 'Actions for Old shop' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await dialog.getByLabel('Type “Old shop” to confirm').fill('Old shop');
  await dialog.getByRole('button', { name: 'Delete this project' }).click();
  await expect(page.getByText('Old shop')).toHaveCount(0);

  await hydrated(page);
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.waitForURL('**/audit');
  await hydrated(page);
  const lines = page.getByTestId('audit-line');
  const deleted = lines.filter({ hasText: 'Project deleted' });
  await expect(deleted).toHaveCount(1);
  await expect(deleted).toContainText('Old shop');
  await expect(deleted).toContainText('127.0.0.1');
  await expect(lines.filter({ hasText: 'Project made' })).toContainText('Old shop');
  const time = deleted.locator('time').last();
  const at = new Date((await time.getAttribute('datetime')) ?? '');
  await expect(time).toHaveText(new Date(at.getTime() + 330 * 60_000).toISOString().slice(0, 19).replace('T', ' '));
  await pictures(page, 'audit');

  await page.getByLabel('Action', { exact: true }).selectOption('project');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await page.waitForURL(/action=project/);
  await expect(lines).toHaveCount(2);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(text.split('\r\n').filter((line) => line !== '')).toHaveLength(3);
  expect(text).toContain('project.deleted');
});

test('a filter that finds nothing says so, and the page fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/audit?text=nothing-like-this');
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('link', { name: 'Show everything' }).first().click();
  await expect(page.getByTestId('audit-line').first()).toBeVisible();
  const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth;
  expect(await page.evaluate(fits)).toBe(true);
});

test('without scripts the log is read and filtered, and a client goes with its name typed', async ({ browser, server, session, api }) => {
  await api.addClient('billing');
  const context = await browser.newContext({ baseURL: server.url, storageState: session, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/audit');
  await page.getByLabel('Action', { exact: true }).selectOption('client');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByTestId('audit-line')).toHaveCount(1);
  await page.goto('/access');
  await page.getByTestId('credential-billing').getByRole('button', { name: 'Actions for billing' }).click();
  await page.getByRole('button', { name: 'Delete…' }).click();
  const confirm = page.getByRole('dialog', { name: 'Delete API client' });
  await confirm.getByLabel('Type “billing” to confirm').fill('billing');
  await confirm.getByRole('button', { name: 'Delete this client' }).click();
  await page.waitForURL('**/access');
  await expect(page.getByTestId('credential-billing')).toHaveCount(0);
  await context.close();
});
