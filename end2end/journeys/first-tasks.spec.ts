// What a new user comes for, by visible names only. Each task prints how many user actions it takes.
import type { Page } from '@playwright/test';
import { serving, up } from '../deployment';
import { expect, hydrated, open, test } from '../fixtures';
import { UserActions } from '../user-actions';

const MOST = 25;

const field = (page: Page, name: string | RegExp) => page.getByRole('textbox', { name });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const node = (page: Page, service: string) => page.getByRole('region', { name: 'Canvas' }).getByRole('group', { name: new RegExp(`^${service}, `) });
const composeFile = (page: Page) => page.getByRole('textbox', { name: 'Compose file' });

test('Nextcloud with PostgreSQL and Redis on port 8081', async ({ page }) => {
  const user = new UserActions();
  await open(page, '/');
  await newProject(page, user, 'Family cloud');

  const search = page.getByPlaceholder('Search apps (/)');
  for (const app of ['nextcloud', 'postgres', 'redis']) {
    await user.enter(search, app);
    await user.press(search, 'Enter');
  }
  for (const needed of ['postgres', 'redis']) {
    await user.drag(page.getByRole('button', { name: 'Connect nextcloud to a service it needs' }), node(page, needed));
  }
  await user.click(node(page, 'nextcloud'));
  await user.click(tab(page, 'Ports'));
  await user.enter(field(page, 'Host port').first(), '8081');

  await expect(composeFile(page)).toHaveValue(/8081:80/);
  await expect(composeFile(page)).toHaveValue(/POSTGRES_HOST: postgres/);
  await expect(composeFile(page)).toHaveValue(/REDIS_HOST: redis/);
  await expect(page.getByRole('button', { name: 'No problems found' })).toBeVisible();
  user.expectAtMost(MOST, 'Nextcloud with PostgreSQL and Redis on port 8081');
});

const shop = `services:
  app:
    image: example/shop:1.4
    environment:
      DATABASE_URL: postgres://db:5432/shop
    ports:
      - "8080:80"
    depends_on:
      - db
  db: # the orders
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: \${DB_PASSWORD:?set it}
`;

test("a user's own file gets a network for its database, a memory limit and a volume", async ({ page }) => {
  const user = new UserActions();
  await open(page, '/');
  await newProject(page, user, 'Shop', shop);

  await user.click(node(page, 'db'));
  await user.click(tab(page, 'Networks'));
  await user.enter(field(page, 'Name of a new network'), 'back');
  await user.press(field(page, 'Name of a new network'), 'Enter');
  await user.click(page.getByRole('button', { name: 'Leave default' }));
  await user.click(page.getByRole('button', { name: 'Leave, and let app join back' }));
  await user.click(tab(page, 'Resources'));
  await user.enter(field(page, 'Memory, at most'), '512m');
  await user.click(tab(page, 'Volumes'));
  await user.enter(field(page, 'New volume or folder'), 'orders:/var/lib/postgresql/data');
  await user.press(field(page, 'New volume or folder'), 'Enter');

  await expect(composeFile(page)).toHaveValue(`services:
  app:
    image: example/shop:1.4
    environment:
      DATABASE_URL: postgres://db:5432/shop
    ports:
      - "8080:80"
    depends_on:
      - db
    networks:
      - back
  db: # the orders
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: \${DB_PASSWORD:?set it}
    networks:
      - back
    mem_limit: 512m
    volumes:
      - orders:/var/lib/postgresql/data

networks:
  back:

volumes:
  orders:
`);
  user.expectAtMost(MOST, 'A network, a memory limit and a volume for the database of a file');
});

test.describe('on this machine', () => {
  test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
  test.setTimeout(180_000);

  test('a broken file is made to start', async ({ page, api }) => {
    const broken = `services:\n  web:${serving('mended')}\n    restart: allways\n    enviroment:\n      COLOUR: blue\n    mem_limit: lots\n  cache:${serving('kept').replace('interval: 1s', 'interval: 1')}\n\tstop_grace_period: 1s\n`;
    const user = new UserActions();
    await open(page, '/');
    const project = await newProject(page, user, 'Broken', broken);

    await user.click(page.getByRole('button', { name: /^1 error/ }));
    await user.click(page.getByRole('button', { name: /^line \d+$/ }));
    await user.type(page, '    ');
    await user.click(page.getByRole('button', { name: /^\d+ errors/ }));
    for (const fix of ['Use always', 'Rename to environment', 'Use 1s']) {
      await user.click(page.getByRole('button', { name: fix, exact: true }));
    }
    await user.click(page.getByRole('button', { name: 'web, line 14' }));
    await user.type(page, '64m');
    await user.click(page.getByRole('button', { name: 'Deploy', exact: true }));
    await user.click(page.getByRole('button', { name: 'See what would change' }));
    await user.click(page.getByRole('dialog').getByRole('button', { name: 'Deploy', exact: true }), up);
    await expect(page.getByTestId('not-deployed')).toHaveText('Everything is deployed', up);
    user.expectAtMost(MOST, 'A broken file is made to start');
    await api.remove((await api.deployment(project)).hash);
  });
});

/** Creates a project from the project list, empty or from a text. Returns its id. */
async function newProject(page: Page, user: UserActions, name: string, compose?: string): Promise<number> {
  const dialog = page.getByRole('dialog');
  await user.click(page.getByRole('button', { name: 'New project' }).first());
  if (compose !== undefined) {
    await user.click(dialog.getByText('Start from a compose file'));
    await user.enter(dialog.getByLabel('Or paste it'), compose);
  }
  await user.enter(dialog.getByLabel('Name'), name);
  await user.click(dialog.getByRole('button', { name: 'Create project' }));
  await page.waitForURL(/\/projects\/\d+$/);
  await hydrated(page);
  return Number(/\d+$/.exec(page.url())?.[0]);
}
