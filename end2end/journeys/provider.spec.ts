// Sign-in at a real OpenID provider: success, refusal, an expired attempt, a provider that is down, and a changed role.
import { expect, open, pictures, signedOut } from '../fixtures';
import { OF_THE_PROVIDER, asks, signsIn, test, withoutFonts } from '../with-provider';

test.use({ storageState: signedOut, serverOf: 'provider', tolerated: [OF_THE_PROVIDER] });
test.beforeEach(({ context }) => withoutFonts(context));

test('sign-in leads back to the wanted page, and sign-out ends every session', async ({ page }) => {
  await open(page, '/hosts');
  await pictures(page, 'sign-in-provider');
  await signsIn(page, 'ada');
  await expect(page).toHaveURL(/\/hosts$/);
  await page.getByRole('button', { name: 'Account: ada of the provider' }).click();
  await page.getByRole('link', { name: 'Access', exact: true }).click();
  await expect(page.getByTestId('sessions').getByRole('listitem')).toHaveCount(1);
  await expect(page.getByTestId('sessions')).toContainText('Chrome on Linux');
  await expect(page.getByTestId('sessions')).toContainText('this browser');
  await pictures(page, 'access-browsers');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByText('You are signed out everywhere')).toBeVisible();
  await open(page, '/');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('another browser is signed out with one click', async ({ page, browser }) => {
  await open(page, '/');
  await signsIn(page, 'grace');
  const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const there = await other.newPage();
  await open(there, '/');
  await signsIn(there, 'grace');
  await open(page, '/access');
  await page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await expect(page.getByTestId('sessions').getByRole('listitem')).toHaveCount(1);
  await open(there, '/');
  await expect(there).toHaveURL(/\/sign-in/);
  await other.close();
});

test('a refusal at the provider is shown, and nothing changes', async ({ page }) => {
  await open(page, '/');
  await asks(page, 'bob');
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(page.getByText('You were not signed in')).toBeVisible();
  await open(page, '/hosts');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a sign-in that was started in another browser or has expired must start again', async ({ page, context }) => {
  await open(page, '/');
  await asks(page, 'carol');
  await context.clearCookies({ name: 'stacker_departure' });
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('This sign-in took too long')).toBeVisible();
  // The session at the provider is still open.
  await page.getByTestId('sign-in-provider').click();
  await page.waitForURL((url) => url.pathname === '/');
});

test.describe('a page that is refused', () => {
  test.use({ tolerated: [/localhost:\d+|fonts\.googleapis|403 \(Forbidden\)/] });

  test('a role that is changed at the provider takes effect in a session that is there', async ({ page, provider }) => {
    provider.roles.set('dan', 'group_user');
    await open(page, '/');
    await signsIn(page, 'dan');
    await expect(page.getByRole('button', { name: 'New project' }).first()).toBeVisible();
    provider.roles.set('dan', 'nobody-we-know');
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole('heading', { name: 'Not allowed' })).toBeVisible({ timeout: 500 });
    }).toPass();
  });
});

test.describe('a page that says 503', () => {
  test.use({ tolerated: [/localhost:\d+|fonts\.googleapis|503 \(Service Unavailable\)/] });

  test('a provider that does not answer is reported, with a button to go there anyway', async ({ page, provider }) => {
    await open(page, '/');
    await page.getByTestId('sign-in-provider').click();
    await page.waitForURL(/localhost/);
    provider.isGone = true;
    // The provider's answer from a few seconds ago may still be cached.
    await expect(async () => {
      await open(page, '/hosts');
      await page.getByTestId('sign-in-provider').click();
      await expect(page.getByText('The sign-in provider does not answer')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expect(page).toHaveURL(/next=%2Fhosts/);
    await pictures(page, 'sign-in-provider-away');
    await page.getByRole('link', { name: 'Go to Example anyway' }).click();
    await page.waitForURL(/localhost/);
    await page.goBack();
    provider.isGone = false;
    await expect(async () => {
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.waitForURL(/localhost/, { timeout: 1_000 });
    }).toPass();
  });

  test('while the provider is down, nobody can sign in and existing sessions stay', async ({ page, provider, browser }) => {
    await open(page, '/');
    await signsIn(page, 'eve');
    const other = await browser.newContext({ baseURL: new URL(page.url()).origin });
    const stranger = await other.newPage();
    await open(stranger, '/');
    await asks(stranger, 'frank');
    provider.isDown = true;
    await stranger.getByRole('button', { name: 'Continue' }).click();
    await expect(stranger.getByText('The sign-in provider does not answer')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('button', { name: /^Account: eve/ })).toBeVisible();
    await other.close();
    provider.isDown = false;
  });
});
