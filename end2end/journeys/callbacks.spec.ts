// Callbacks: a signed call reaches the program of a user, the log shows what it answered, and the secret is shown once.
import { createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, hydrated, open, picture, test as base } from '../fixtures';

/** The program of the user. It accepts every call, and remembers it. */
class Receiver {
  readonly calls: { headers: IncomingHttpHeaders; body: string }[] = [];
  private server: Server | undefined;

  async start() {
    this.server = createServer(async (request, response) => {
      let body = '';
      for await (const piece of request) body += piece;
      this.calls.push({ headers: request.headers, body });
      response.end('noted by the receiver');
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get host() {
    return `127.0.0.1:${(this.server?.address() as AddressInfo).port}`;
  }

  /** The call with this number, once it has arrived. */
  async call(number: number) {
    await expect.poll(() => this.calls.length, { message: 'calls' }).toBe(number);
    return this.calls[number - 1];
  }

  close() {
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

const test = base.extend<object, { receiver: Receiver }>({
  receiver: [
    async ({}, use) => {
      const receiver = await new Receiver().start();
      await use(receiver);
      receiver.close();
    },
    { scope: 'worker' },
  ],
});

test.use({
  serverOf: 'callbacks',
  // Without an agent, whose coming and going would be reported too.
  serverEnv: { STACKER__CALLBACKS__ALLOWED_NETWORKS: '127.0.0.1', STACKER__LOCAL_AGENT__ENABLED: 'false' },
});
test.describe.configure({ mode: 'serial' });

let secret = '';

/** What the receiver expects in `stacker-signature`. */
function signature(call: Receiver['calls'][number], secret: string) {
  const { 'stacker-timestamp': time, 'stacker-delivery': id } = call.headers;
  return `v1=${createHmac('sha256', secret).update(`${time}.${id}.${call.body}`).digest('hex')}`;
}

async function act(page: Page, host: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${host}` }).click();
  await page.getByRole('button', { name: action, exact: true }).click();
}

test('a callback is added, and its secret is shown once', async ({ page, receiver }) => {
  await open(page, '/');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Callbacks', exact: true }).click();
  await page.waitForURL('**/callbacks');
  await hydrated(page);
  await expect(page.getByText('No callback yet')).toBeVisible();
  await page.getByTestId('add-callback').click();
  const dialog = page.getByRole('dialog', { name: 'Callback', exact: true });
  await dialog.getByLabel('Address').fill(`http://${receiver.host}/hook`);
  await dialog.getByLabel('An agent comes online').check();
  await picture(page, 'callback-new');
  await dialog.getByRole('button', { name: 'Add this callback' }).click();
  secret = (await dialog.getByTestId('copy-line').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_\S{43}$/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByTestId(`callback-${receiver.host}`);
  await expect(row).toContainText('enabled');
  await expect(row).toContainText('agent.online');

  await page.reload();
  await expect(row).toBeVisible();
  expect(await page.content()).not.toContain(secret);
});

test('a test event arrives signed, the log shows the answer, and it is sent again', async ({ page, receiver }) => {
  await open(page, '/callbacks');
  await act(page, receiver.host, 'Send a test event');
  const first = await receiver.call(1);
  expect(first.headers['stacker-event']).toBe('callback.test');
  expect(first.headers['stacker-signature']).toBe(signature(first, secret));
  expect(first.body).not.toContain(secret);

  await act(page, receiver.host, 'Log…');
  const log = page.getByRole('dialog', { name: 'Calls of the last 7 days' });
  // The answer is written down after the receiver has given it.
  const seen = async (text: string) => {
    await log.getByRole('button', { name: 'Refresh' }).click();
    await expect(log.getByTestId('deliveries')).toContainText(text, { timeout: 1_000 });
  };
  await expect(() => seen('accepted')).toPass();
  await log.getByText('What was sent and answered').click();
  await expect(log.getByText('noted by the receiver')).toBeVisible();
  await picture(page, 'callback-log');

  await log.getByRole('button', { name: 'Send again' }).click();
  const again = await receiver.call(2);
  expect(again.headers['stacker-delivery']).toBe(first.headers['stacker-delivery']);
  expect(again.body).toBe(first.body);
});

test('after a rotation both secrets sign', async ({ page, receiver }) => {
  await open(page, '/callbacks');
  await act(page, receiver.host, 'New secret');
  const dialog = page.getByRole('dialog', { name: 'Callback', exact: true });
  const second = (await dialog.getByTestId('copy-line').textContent()) ?? '';
  expect(second).not.toBe(secret);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await act(page, receiver.host, 'Send a test event');
  const call = await receiver.call(3);
  expect(call.headers['stacker-signature']).toBe(`${signature(call, second)},${signature(call, secret)}`);
});

test('it is changed on a phone, and the page fits', async ({ page, receiver }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/callbacks');
  await act(page, receiver.host, 'Change…');
  const dialog = page.getByRole('dialog', { name: 'Callback', exact: true });
  await expect(dialog.getByLabel('Address')).toHaveValue(`http://${receiver.host}/hook`);
  await dialog.getByLabel('An agent comes online').uncheck();
  await dialog.getByRole('button', { name: 'Save the changes' }).click();
  await expect(page.getByTestId(`callback-${receiver.host}`)).not.toContainText('agent.online');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide, 'the page sticks out').toBe(false);
  await picture(page, 'callbacks-phone');
});

test('a disabled callback is not called, and is deleted by typing its host', async ({ page, receiver }) => {
  await open(page, '/callbacks');
  await act(page, receiver.host, 'Disable');
  await expect(page.getByTestId(`callback-${receiver.host}`)).toContainText('disabled');
  await page.getByRole('button', { name: `Actions for ${receiver.host}` }).click();
  await expect(page.getByRole('button', { name: 'Send a test event' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete callback' });
  await dialog.locator('[name=confirm_name]').fill(receiver.host);
  await dialog.getByRole('button', { name: 'Delete this callback' }).click();
  await expect(page.getByText('No callback yet')).toBeVisible();
  expect(receiver.calls).toHaveLength(3);
});
