// Hostile text is typed into every field, stored, and shown again: on hydrated pages, and as the server alone renders it.
// hostile-text.spec.ts covers uploaded files; server/tests/api covers every place of a file and every page.
import type { BrowserContext, Page } from '@playwright/test';
import { Builder } from '../builder';
import { expect, hydrated, open, test } from '../fixtures';

test.use({ serverOf: 'stored-xss' });

const run = 'window.hostile=true';
const texts = [
  `</textarea><img src=hostile onerror="${run}">`,
  `<script>${run}</script>`,
  `"><svg onload="${run}">`,
  `' onfocus='${run}' autofocus='`,
  `javascript:${run}`,
  `{{constructor.constructor('${run}')()}} \${${run}} <!--`,
  `[x](javascript:${run})`,
];
/** The longest name that a project may have. */
const projectName = '</textarea><img src=x onerror=window.hostile=1>';

/** Expects that no typed text has become markup. */
async function nothingCameAlive(page: Page) {
  const alive = await page.locator('*').evaluateAll((elements) =>
    elements.flatMap((element) => {
      const runs = (name: string, value: string) =>
        name.startsWith('on') || name === 'autofocus' || (['href', 'src', 'action', 'formaction'].includes(name) && /^\s*javascript:/i.test(value));
      const attributes = [...element.attributes].filter(({ name, value }) => runs(name, value)).map(({ name }) => name);
      const script = element.tagName === 'SCRIPT' && /^\s*window\.hostile/.test(element.textContent ?? '');
      const unknown = ['IMG', 'IFRAME', 'OBJECT', 'EMBED'].includes(element.tagName);
      return attributes.length > 0 || script || unknown ? [`${element.tagName} ${attributes.join(' ')}`] : [];
    }),
  );
  expect(alive, `on ${page.url()}`).toEqual([]);
}

async function nothingRan(page: Page) {
  expect(await page.evaluate(() => 'hostile' in window)).toBe(false);
  await nothingCameAlive(page);
}

/** Fails the journey if a script opens a dialog. */
function refuseDialogs(page: Page) {
  page.on('dialog', (dialog) => {
    throw new Error(`a script opened a box: ${dialog.message()}`);
  });
}

/** Opens the same session in a browser without scripts. */
async function plainly(context: BrowserContext, session: Awaited<ReturnType<BrowserContext['storageState']>>, baseURL: string) {
  const browser = context.browser();
  if (!browser) throw new Error('the journey has no browser');
  return browser.newContext({ baseURL, storageState: session, javaScriptEnabled: false });
}

test('every field of the builder takes hostile text, and none of it is executed', async ({ page, context, session, server, api }) => {
  test.slow();
  refuseDialogs(page);
  const compose = [
    'services:',
    '  web:',
    '    image: nginx:1.27',
    '    command: run',
    '    entrypoint: start',
    '    environment:',
    '      PLAIN: value',
    '    ports: ["8080:80"]',
    '    volumes: ["data:/data"]',
    '    networks: [inner]',
    '    healthcheck:',
    '      test: ["CMD", "true"]',
    '      interval: 5s',
    'volumes:',
    '  data: {}',
    'networks:',
    '  inner: {}',
    '',
  ].join('\n');
  const project = await api.import(projectName, compose);
  const builder = await Builder.open(page, project);
  await builder.select('web');
  const inspector = page.getByTestId('inspector');
  for (const tab of ['Environment', 'Ports', 'Volumes', 'Networks', 'Health', 'Advanced', 'General']) {
    await inspector.getByRole('tab', { name: tab }).click();
    const fields = inspector.locator('input:not([type=checkbox]):not([type=radio]), textarea').filter({ visible: true });
    const names = await fields.evaluateAll((inputs) => inputs.map((input) => (input as HTMLElement).dataset.testid ?? input.id).filter(Boolean));
    for (const text of texts) {
      for (const name of names) {
        // A name that is already in use may have been changed to a free one.
        const field = inspector.locator(`[data-testid="${name}"], [id="${name}"]`).first();
        if ((await field.count()) === 0) continue;
        await field.fill(text);
        await field.blur();
      }
      await nothingRan(page);
    }
  }
  const note = texts[3];
  await page.getByTestId('inspector-note').fill(note);
  await page.getByTestId('inspector-note').blur();
  await page.getByTestId('catalogue-search').fill(texts[0]);
  await nothingRan(page);
  await page.getByTestId('drawer-problems').click();
  await nothingRan(page);
  await builder.saved();

  const again = await Builder.open(page, project);
  await again.select('web');
  await expect(page.getByTestId('inspector-note')).toHaveValue(note);
  await expect(page.getByTestId('project-name')).toHaveText(projectName);
  await nothingRan(page);

  // The text editor: the text contains the end tag of a text area.
  const file = `# ${texts.join(' ')}\nservices:\n  web:\n    image: nginx:1.27\n    labels:\n${texts.map((text, at) => `      l${at}: ${JSON.stringify(text)}\n`).join('')}`;
  await again.text.fill(file);
  await again.saved();
  const reloaded = await Builder.open(page, project);
  await expect(reloaded.text).toHaveValue(file);
  await expect(page.getByTestId('compose-lines')).toContainText(texts[0]);
  await nothingRan(page);

  const plain = await plainly(context, session, server.url);
  const rendered = await plain.newPage();
  await rendered.goto(`/projects/${project}`);
  await expect(rendered.getByTestId('compose-lines')).toContainText(texts[1]);
  await nothingCameAlive(rendered);
  await rendered.goto('/');
  await expect(rendered.getByRole('rowheader').getByRole('link', { name: projectName })).toBeVisible();
  await nothingCameAlive(rendered);
  await plain.close();
});

test('names of hosts, tokens and clients are text, also without the browser code', async ({ page, context, session, server, api }) => {
  test.slow();
  refuseDialogs(page);
  for (const text of texts) {
    await open(page, '/hosts');
    await page.getByTestId('add-host').click();
    const host = page.getByRole('dialog', { name: 'Add a host' });
    await host.getByLabel('Name').fill(text);
    await host.getByTestId('host-code').click();
    await expect(host.getByLabel('Command for step 2')).toBeVisible();
    await nothingRan(page);
    // What the page adds is in no list until it has joined.
    await api.addHost(text);

    for (const kind of ['New token', 'New client']) {
      await open(page, '/access');
      await page.getByRole('button', { name: kind }).click();
      const dialog = page.getByRole('dialog', { name: 'Access for a program' });
      await dialog.getByLabel('Purpose').fill(text);
      await dialog.getByRole('button', { name: kind }).click();
      await expect(dialog.getByTestId('copy-line').first()).toBeVisible();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await nothingRan(page);
    }
  }
  const plain = await plainly(context, session, server.url);
  for (const path of ['/hosts', '/access']) {
    for (const shown of [page, await plain.newPage()]) {
      await shown.goto(path);
      if (shown === page) await hydrated(page);
      for (const text of texts) await expect(shown.getByText(text, { exact: true }).first()).toBeAttached();
      await nothingCameAlive(shown);
    }
  }
  await nothingRan(page);
  await plain.close();
});
