// Quotas and rate limits of an account: shown on the page, and explained when one is reached.
import { expect, open, test } from '../fixtures';

test.use({
  serverOf: 'limits',
  serverEnv: { STACKER__LIMITS__MAX_PROJECTS: '2', STACKER__LIMITS__MAX_STORED_BYTES: '1048576' },
});

test('the page shows what is used, and says what to do when it is all', async ({ page, api }) => {
  await api.import('first', 'services:\n  web:\n    image: nginx:1.27\n');
  await open(page, '/');
  const usage = page.getByTestId('account-usage');
  await expect(usage).toContainText('1 of 2');
  await expect(usage).toContainText('of 1 MiB');

  const create = async (name: string) => {
    await page.getByRole('button', { name: 'New project' }).first().click();
    await page.getByRole('dialog', { name: 'New project' }).getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create project' }).click();
  };
  await create('second');
  await page.waitForURL('**/projects/*');
  await open(page, '/');
  await expect(usage).toContainText('2 of 2');
  await create('third');
  await page.waitForURL('**/?notice=limit-reached');
  await expect(page.getByText('The limit is reached')).toBeVisible();
  await expect(usage).toContainText('2 of 2');
});
