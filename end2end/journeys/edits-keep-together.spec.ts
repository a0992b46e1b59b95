// Ordinary edits that could break a stack silently: renaming, removing, joining and leaving networks.
import { Builder } from '../builder';
import { expect, open, pictures, test } from '../fixtures';

test('a rename follows into values, and a removal takes along what the wire brought', async ({ page, api }) => {
  await open(page, `/projects/${await api.import('Blog', 'services: {}\n')}`);
  const builder = new Builder(page);
  await builder.search('wordpress');
  await builder.dragToCanvas('wordpress', 120, 100);
  const alone = await builder.compose();
  await builder.search('mariadb');
  await builder.dragToCanvas('mariadb', 460, 200);
  await builder.drawWire('wordpress', 'mariadb');

  await builder.select('mariadb');
  await page.getByTestId('inspector-name').fill('db');
  await page.getByTestId('inspector-name').press('Enter');
  await expect(builder.wire('wordpress', 'db')).toBeAttached();
  const renamed = await builder.compose();
  expect(renamed).toContain('WORDPRESS_DB_HOST: db:3306');
  expect(await builder.problems('Error')).toEqual([]);

  await page.getByRole('button', { name: 'Remove this service' }).click();
  await expect(builder.text).toHaveValue(alone);
  await expect(page.getByTestId('report').first()).toContainText('Removed db, and with it 4 variables of wordpress');
  await builder.canvas.focus();
  await page.keyboard.press('Control+z');
  await expect(builder.text).toHaveValue(renamed);
});

test('what is uncertain, shared or cut off is asked before it is changed', async ({ page, api }) => {
  const compose = `x-env: &env
  CACHE: db
  MODE: fast
services:
  app:
    image: example/app:1
    depends_on: [db]
    environment: *env
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: \${PASSWORD}
`;
  const builder = await Builder.open(page, await api.import('Shop', compose));
  const dialog = page.getByRole('dialog', { name: 'Before this is changed' });

  await builder.select('db');
  await page.getByRole('tab', { name: 'Networks' }).click();
  await page.getByTestId('network-new').fill('back');
  await page.getByTestId('network-new').press('Enter');
  await expect(builder.text).toHaveValue(/networks:\n {6}- default\n {6}- back\n/);
  await page.getByRole('button', { name: 'Leave default' }).click();
  await expect(dialog).toContainText('db shares no other network with app');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Leave default' }).click();
  await dialog.getByRole('button', { name: 'Leave, and let app join back' }).click();
  await expect(builder.text).toHaveValue(/app:\n(?: {4}.*\n)* {4}networks:\n {6}- back\n {2}db:/);
  expect(await builder.problems('Error')).toEqual([]);

  await page.getByRole('tab', { name: 'General' }).click();
  await page.getByTestId('inspector-name').fill('store');
  await page.getByTestId('inspector-name').press('Enter');
  await expect(dialog.getByTestId('question-lines')).toHaveText('Line 2CACHE: db');
  await pictures(page, 'question');
  await dialog.getByRole('button', { name: 'Rename these too' }).click();
  await expect(builder.text).toHaveValue(/CACHE: store\n/);
  await expect(page.getByTestId('inspector-name')).toHaveValue('store');

  await builder.select('app');
  await page.getByRole('tab', { name: 'Environment' }).click();
  await page.getByRole('button', { name: 'Remove MODE' }).click();
  await expect(dialog).toContainText('environment of app is shared through an anchor');
  await dialog.getByRole('button', { name: 'Write it out' }).click();
  await expect(builder.text).toHaveValue(/ {4}environment:\n {6}CACHE: store\n/);
});
