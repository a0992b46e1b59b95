// What every journey gets: a running server, a signed-in page, and a watch on everything that must never happen.
// Import `test` and `expect` from here, never from @playwright/test.
import { mkdir } from 'node:fs/promises';
import { type BrowserContext, type Page, expect, test as base } from '@playwright/test';
import { RestApi } from './rest-api';
import { StackerServer } from './stacker-server.mjs';

type SavedSession = Awaited<ReturnType<BrowserContext['storageState']>>;

/** For `test.use({ storageState: signedOut })`: a visitor without a session. */
export const signedOut: SavedSession = { cookies: [], origins: [] };

export const test = base.extend<
  {
    /** Complaints that a journey provokes on purpose, for instance `test.use({ tolerated: [/404/] })`. */
    tolerated: RegExp[];
    /** Fails the test on any console error, warning, uncaught error or request to another host. Always on. */
    watch: void;
  },
  {
    /** `test.use({ serverOf: 'a name' })`: a server of one's own, new and empty; journeys of one name share it. */
    serverOf: string;
    /** What that server is configured with, as variables: `test.use({ serverOf: …, serverEnv: { … } })`. */
    serverEnv: Record<string, string>;
    /** One server for each worker, with an empty database of its own. */
    server: StackerServer;
    /** What API clients see, as the local operator: to prepare projects and to look behind the pages. */
    api: RestApi;
    /** A session of the local operator, started once with the link that the server printed. */
    session: SavedSession;
  }
>({
  tolerated: [[], { option: true }],

  // Playwright starts another worker for another value, and so another server.
  serverOf: ['all', { option: true, scope: 'worker' }],

  serverEnv: [{}, { option: true, scope: 'worker' }],

  server: [
    async ({ serverOf: _, serverEnv: env }, use) => {
      const server = await StackerServer.start({ env });
      await use(server);
      expect(await server.stop(), `exit code of the server, which wrote:\n${server.output}`).toBe(0);
      expect(server.output, 'output of the server').not.toMatch(/panicked at/);
    },
    { scope: 'worker', timeout: 90_000 },
  ],

  api: [
    async ({ server }, use) => {
      const api = await RestApi.of(server);
      await use(api);
      await api.end();
    },
    { scope: 'worker' },
  ],

  session: [
    async ({ server, browser }, use) => {
      const context = await browser.newContext({ baseURL: server.url });
      const page = await context.newPage();
      await signIn(page, server.printedLink);
      const session = await context.storageState();
      await context.close();
      await use(session);
    },
    { scope: 'worker' },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  storageState: async ({ session }, use) => use(session),

  watch: [
    async ({ context, server, tolerated }, use) => {
      const complaints: string[] = [];
      const complain = (text: string) => {
        if (!tolerated.some((pattern) => pattern.test(text))) complaints.push(text);
      };
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complain(`console ${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complain(`uncaught: ${error.error().message}`));
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== server.url) complain(`request to ${request.url()}`);
      });
      await use();
      expect(complaints, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Opens a sign-in link and presses its one button. */
export async function signIn(page: Page, link: string) {
  await page.goto(link);
  await page.getByRole('button', { name: /sign in/i }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
}

/** Loads a page from the server, as a reload would, and waits until it answers to clicks. */
export async function open(page: Page, path: string) {
  const answer = await page.goto(path);
  await hydrated(page);
  return answer;
}

/** Waits until the browser code has taken over the page. */
export async function hydrated(page: Page) {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Keeps a picture of the page in test-results/screenshots, to be looked at by people. */
export async function picture(page: Page, name: string) {
  const folder = 'test-results/screenshots';
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

const looks = [
  { look: 'light', colorScheme: 'light', width: 1440, height: 900 },
  { look: 'dark', colorScheme: 'dark', width: 1440, height: 900 },
  { look: 'phone', colorScheme: 'light', width: 360, height: 740 },
] as const;

/** The page as it is now, in every look. */
export async function pictures(page: Page, name: string) {
  for (const { look, colorScheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await picture(page, `${name}-${look}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
