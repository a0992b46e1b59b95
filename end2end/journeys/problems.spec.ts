import { expect, test } from '../fixtures';
import { Builder } from '../builder';

const compose = `services:
  web:
    image: nginx:1.27
    restart: allways # always on
    enviroment:
      TZ: \${TZ}
      LANG: \${LANG}
    healthcheck:
      test: [CMD, "true"]
      interval: 5
  db:
    image: postgres:17
`;

test('a file that would not start is made to start with the fixes in the list of problems', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('Slips', compose));
  const tab = page.getByTestId('drawer-problems');
  await expect(tab).toHaveText('4 errors · 2 hints');
  await tab.click();
  for (const fix of ['Use always', 'Rename to environment', 'Use 5s', 'Set POSTGRES_PASSWORD for PostgreSQL from .env']) {
    await page.getByRole('button', { name: fix, exact: true }).click();
  }
  // Hints of one kind share a line.
  await expect(tab).toHaveText('3 hints');
  await expect(page.getByTestId('finding-variable-unset')).toHaveCount(1);
  await page.getByTestId('drawer-compose').click();
  await expect(builder.text).toHaveValue(/restart: always # always on\n {4}environment:\n/);
  await expect(builder.text).toHaveValue(/interval: 5s\n/);
  await builder.saved();
});

const conflict = `services:
  one:
    image: nginx
    ports: ["80:80"]
  two:
    image: nginx:1.27
    ports: ["80:80"]
`;

test('findings are switched off where the reader wants, stay visible, and still stop a deployment', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('Switched off', conflict));
  const tab = page.getByTestId('drawer-problems');
  await expect(tab).toHaveText('1 error · 1 warning');
  await tab.click();

  await page.getByTestId('check-profile').selectOption('strict');
  await expect(tab).toHaveText(/hints$/);
  await page.getByTestId('check-profile').selectOption('recommended');
  await expect(tab).toHaveText('1 error · 1 warning');

  await page.getByTestId('never-image-unpinned').click();
  await expect(tab).toHaveText('1 error');
  await page.getByTestId('ignore-host-port-conflict').click();
  await expect(tab).toHaveText('No problems found');
  await page.getByTestId('switched-off').locator('summary').click();
  await expect(page.getByTestId('switched-off').getByText('By the comment in line')).toBeVisible();
  await expect(builder.text).toHaveValue(/80:80"\] # stacker: ignore host-port-conflict\n/);

  await page.getByTestId('switched-off').getByRole('button', { name: 'Report again' }).click();
  await expect(tab).toHaveText('1 warning');
  await builder.saved();
  await page.reload();
  await expect(tab).toHaveText('1 warning');

  await page.getByTestId('deploy').click();
  await expect(page.getByTestId('deploy-blocked')).toBeVisible();
  await page.keyboard.press('Escape');

  await tab.click();
  await page.getByTestId('finding-image-unpinned').getByRole('link', { name: 'image-unpinned' }).click();
  await expect(page.getByRole('heading', { name: 'image-unpinned' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Why it matters' })).toBeVisible();
});
