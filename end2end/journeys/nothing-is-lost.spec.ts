// Undo, reload, invalid text: work is always either on the server or in this browser, and the page says which.
import { Builder } from '../builder';
import { expect, hydrated, test } from '../fixtures';

const compose = `# of the shop
services:
  web:
    image: nginx:1.27
    depends_on:
      - cache
  cache:
    image: redis:7.4
`;

test('text and positions are the same after undo, redo and a reload', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('Shop', compose));
  const start = await builder.position('web');
  await builder.moveNode('web', 160, 120);
  await expect.poll(() => builder.position('web')).not.toEqual(start);
  const moved = await builder.position('web');

  await builder.undo.click();
  await expect.poll(() => builder.position('web')).toEqual(start);
  await builder.redo.click();
  await expect.poll(() => builder.position('web')).toEqual(moved);

  await builder.select('web');
  await page.getByTestId('inspector-tag').fill('1.28');
  const edited = compose.replace('nginx:1.27', 'nginx:1.28');
  await expect(builder.text).toHaveValue(edited);
  await builder.undo.click();
  await expect(builder.text).toHaveValue(compose);
  await builder.redo.click();
  await expect(builder.text).toHaveValue(edited);

  await builder.saved();
  await page.reload();
  await hydrated(page);
  await expect(builder.text).toHaveValue(edited);
  expect(await builder.position('web')).toEqual(moved);
  await builder.saved();
  expect(await api.compose(builder.project)).toBe(edited);
});

test('text that is not valid YAML stays in this browser, the page says so, and it is offered again', async ({ page, api }) => {
  // The browser asks whether to leave the page; the journey accepts.
  page.on('dialog', (dialog) => dialog.accept());
  const builder = await Builder.open(page, await api.import('Half typed', compose));
  const broken = `${compose}  db: "postgres\n`;

  await builder.text.fill(broken);
  await expect(page.getByTestId('compose-broken')).toBeVisible();
  await expect(builder.saveState).toContainText('kept in this browser');
  // The canvas shows the last valid text.
  await expect(builder.node('web')).toBeVisible();
  await expect(builder.node('db')).not.toBeAttached();

  await page.reload();
  await hydrated(page);
  await expect(builder.text).toHaveValue(compose);
  await expect(page.getByTestId('draft-offer')).toBeVisible();
  await page.getByTestId('draft-open').click();
  await expect(builder.text).toHaveValue(broken);
  expect(await api.compose(builder.project)).toBe(compose);

  // Once fixed, it is saved on the server.
  const mended = `${compose}  db:\n    image: postgres:17\n`;
  await builder.text.fill(mended);
  await expect(builder.node('db')).toBeVisible();
  await builder.saved();
  expect(await api.compose(builder.project)).toBe(mended);
  await page.reload();
  await hydrated(page);
  await expect(page.getByTestId('draft-offer')).not.toBeAttached();
});
