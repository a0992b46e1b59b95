// Fixtures of every journey: a running server, a signed-in page, and checks for what must never happen.
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
    /** Errors and warnings that a journey causes on purpose, for instance `test.use({ tolerated: [/404/] })`. */
    tolerated: RegExp[];
    /** Fails the test on any console error, warning, uncaught error or request to another host. Always on. */
    watch: void;
  },
  {
    /** `test.use({ serverOf: 'a name' })`: a separate server, new and empty, shared by the journeys that give the same name. */
    serverOf: string;
    /** Environment variables that configure that server: `test.use({ serverOf: …, serverEnv: { … } })`. */
    serverEnv: Record<string, string>;
    /** One server for each worker, with an empty database of its own. */
    server: StackerServer;
    /** The REST API as the local operator: to prepare projects and to check what the server stored. */
    api: RestApi;
    /** A session of the local operator, opened once with the printed sign-in link. */
    session: SavedSession;
  }
>({
  tolerated: [[], { option: true }],

  // Playwright starts a new worker for each value of a worker fixture, and with it a new server.
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

/** Loads a page from the server and waits until it is hydrated. */
export async function open(page: Page, path: string) {
  const answer = await page.goto(path);
  await hydrated(page);
  return answer;
}

/** Waits until the page is hydrated. */
export async function hydrated(page: Page) {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Saves a screenshot of the page in test-results/screenshots, for people to look at. */
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

/** Screenshots of the current page: light, dark and on a phone. */
export async function pictures(page: Page, name: string) {
  for (const { look, colorScheme, width, height } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await picture(page, `${name}-${look}`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}
