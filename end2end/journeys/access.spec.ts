// Credentials of programs: a token works until it is revoked, and the secret of a client is shown once.
import { expect, hydrated, open, test } from '../fixtures';

test.use({ serverOf: 'access' });

test('a token is made, used and revoked', async ({ page, playwright, server }) => {
  await open(page, '/');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Access', exact: true }).click();
  await page.waitForURL('**/access');
  await hydrated(page);
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Access for a program' });
  await dialog.getByLabel('Purpose').fill('nightly build');
  await dialog.getByLabel('Scope').selectOption('read');
  await dialog.getByRole('button', { name: 'New token' }).click();
  const bearer = (await dialog.getByTestId('copy-line').textContent()) ?? '';
  expect(bearer).toMatch(/^stk_\S{43}$/);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const program = await playwright.request.newContext({
    baseURL: server.url,
    extraHTTPHeaders: { authorization: `Bearer ${bearer}` },
  });
  expect((await program.get('/project')).status()).toBe(200);
  expect((await program.post('/project/import', { data: { name: 'x', compose: 'services: {}\n' } })).status()).toBe(403);

  const row = page.getByTestId('credential-nightly build');
  await expect(row).toContainText('read');
  await row.getByRole('button', { name: 'Actions for nightly build' }).click();
  await page.getByRole('button', { name: 'Revoke…' }).click();
  await page.getByRole('button', { name: 'Revoke this token' }).click();
  await expect(row).toHaveCount(0);
  expect((await program.get('/project')).status()).toBe(401);
  await program.dispose();
  expect(await page.content()).not.toContain(bearer);
});

test('the secret of a client is shown once, and the client is deleted by typing its name', async ({ page }) => {
  await open(page, '/access');
  await page.getByRole('button', { name: 'New client' }).click();
  const dialog = page.getByRole('dialog', { name: 'Access for a program' });
  await dialog.getByLabel('Purpose').fill('billing');
  await dialog.getByRole('button', { name: 'New client' }).click();
  const secret = (await dialog.getByTestId('copy-line').last().textContent()) ?? '';
  expect(secret).toHaveLength(255);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const row = page.getByTestId('credential-billing');
  const act = async (name: string) => {
    await row.getByRole('button', { name: 'Actions for billing' }).click();
    await page.getByRole('button', { name, exact: true }).click();
  };
  await act('Disable');
  await expect(row).toContainText('disabled');
  await act('Enable, with a new secret');
  const second = (await dialog.getByTestId('copy-line').last().textContent()) ?? '';
  expect(second).toHaveLength(255);
  expect(second).not.toBe(secret);
  await dialog.getByRole('button', { name: 'Done' }).click();

  await act('Delete…');
  const confirm = page.getByRole('dialog', { name: 'Delete API client' });
  await confirm.getByLabel('Type “billing” to confirm').fill('Billing');
  await confirm.getByRole('button', { name: 'Delete this client' }).click();
  await expect(page.getByText('Nothing was deleted')).toBeVisible();
  await hydrated(page);
  await act('Delete…');
  await confirm.getByLabel('Type “billing” to confirm').fill('billing');
  await confirm.getByRole('button', { name: 'Delete this client' }).click();
  await expect(row).toHaveCount(0);
});
