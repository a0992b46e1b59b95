// From the printed sign-in link to a downloaded compose file, on a new server.
import { Builder } from '../builder';
import { expect, hydrated, signIn, signedOut, test } from '../fixtures';

test.use({ serverOf: 'the first visit', storageState: signedOut });

test('a first visit ends with a compose file in the downloads', async ({ page, server, api }) => {
  await signIn(page, server.printedLink);
  await expect(page).toHaveURL(`${server.url}/`);
  await hydrated(page);
  await expect(page.getByRole('heading', { name: 'Build your first stack' })).toBeVisible();

  const builder = await Builder.create(page, 'First stack');
  await expect(page.getByTestId('project-name')).toHaveText('First stack');

  await builder.search('redis');
  await builder.app('redis').press('Enter');
  await expect(builder.node('redis')).toBeVisible();
  await expect(builder.text).toHaveValue(/^services:\n {2}redis:\n/);
  await expect(page.getByTestId('compose-lines')).toContainText('redis:');
  await builder.saved();

  const downloaded = await builder.download();
  expect(downloaded).toBe(await builder.compose());
  expect(downloaded).toBe(await api.compose(builder.project));
  expect(await api.check(downloaded)).not.toContainEqual(expect.objectContaining({ severity: 'error' }));
});

test('a starting point is a whole stack already', async ({ page, server, api }) => {
  await api.deleteAll();
  await signIn(page, await server.newLink());
  await page.getByRole('button', { name: 'WordPress and MariaDB' }).click();
  await page.waitForURL(/\/projects\/\d+$/);
  await hydrated(page);

  const builder = new Builder(page);
  await expect(builder.wire('wordpress', 'mariadb')).toBeAttached();
  expect(await builder.problems('Error')).toEqual([]);
  expect(await builder.compose()).toBe(await api.compose(builder.project));
});
