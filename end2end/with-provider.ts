// Fixtures of journeys with several people, who sign in at a real OpenID provider.
import type { BrowserContext, Page } from '@playwright/test';
import { test as base, expect } from './fixtures';
import { SignInProvider } from './sign-in-provider.mjs';
import { StackerServer, freePort } from './stacker-server.mjs';

export const test = base.extend<object, { provider: SignInProvider; port: number }>({
  port: [async ({}, use) => use(await freePort()), { scope: 'worker' }],

  provider: [
    async ({ port }, use) => {
      const provider = await SignInProvider.start(`http://127.0.0.1:${port}/sign-in/callback`);
      await use(provider);
      await provider.close();
    },
    { scope: 'worker' },
  ],

  server: [
    async ({ port, provider }, use) => {
      const server = await StackerServer.start({
        env: {
          APP_PORT: String(port),
          STACKER__LOCAL_AGENT__ENABLED: 'false',
          STACKER__OAUTH__NAME: 'Example',
          STACKER__OAUTH__ISSUER: provider.issuer,
          STACKER__OAUTH__CLIENT_ID: provider.client.client_id,
          STACKER__OAUTH__CLIENT_SECRET: provider.client.client_secret,
          STACKER__OAUTH__CHECK_INTERVAL_SECS: '1',
        },
      });
      await use(server);
      expect(await server.stop(), `exit code of the server, which wrote:\n${server.output}`).toBe(0);
      expect(server.output, 'output of the server').not.toMatch(/panicked at|sign-in\?code=/);
    },
    { scope: 'worker', timeout: 90_000 },
  ],
});

/** Requests of the provider's own pages are not checked. */
export const OF_THE_PROVIDER = /localhost:\d+|fonts\.googleapis/;

/** Shows the provider's pages without loading what they fetch from other hosts. */
export const withoutFonts = (context: BrowserContext) =>
  context.route(/fonts\.googleapis|favicon\.ico/, (route) => route.fulfill({ contentType: 'text/css', body: '' }));

/** Opens the provider and goes through its pages up to the last button. */
export async function asks(page: Page, login: string) {
  await page.getByTestId('sign-in-provider').click();
  await page.waitForURL(/localhost/);
  await page.getByPlaceholder('Enter any login').fill(login);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
}

export async function signsIn(page: Page, login: string) {
  await asks(page, login);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.hostname === '127.0.0.1');
}
