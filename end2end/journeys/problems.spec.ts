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
