// Sign-in with the printed link, and no access without it.
import { expect, open, signIn, signedOut, test } from '../fixtures';

test.describe('with a session', () => {
  test('the printed link has signed the local operator in', async ({ page }) => {
    await open(page, '/');
    await expect(page).toHaveURL(/\/$/);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  });
});

test.describe('without a session', () => {
  test.use({ storageState: signedOut });

  test('every page leads to the sign-in page, which says how to get a link', async ({ page }) => {
    await open(page, '/');
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByText(/login-link/)).toBeVisible();
  });

  test('a link works once, and the second time the page says how to get another', async ({ page, context, server }) => {
    const link = await server.newLink();
    await signIn(page, link);
    await context.clearCookies();

    await page.goto(link);
    await page.getByRole('button', { name: /sign in/i }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByText('This sign-in link no longer works')).toBeVisible();
    await expect(page.getByText('console login-link')).toBeVisible();
    expect(await context.cookies()).toEqual([]);
  });
});
