// Pictures of the main views for people to look at: test-results/screenshots, light, dark and on a phone.
import { Builder } from '../builder';
import { expect, open, picture, pictures, signedOut, test } from '../fixtures';

test.describe('signed out', () => {
  test.use({ storageState: signedOut });

  test('pictures of signing in', async ({ page, server }) => {
    await open(page, '/sign-in');
    await pictures(page, 'sign-in');
    await open(page, await server.newLink());
    await pictures(page, 'sign-in-link');
  });
});

test('pictures of the project list', async ({ page, api }) => {
  await api.deleteAll();
  await open(page, '/');
  await pictures(page, 'projects-empty');

  await api.import('Blog', 'services:\n  wordpress:\n    image: wordpress:6.7\n  mariadb:\n    image: mariadb:11.4\n');
  await api.import('Shop of a customer, staging', 'services:\n  web:\n    image: nginx:1.27\n');
  await api.import('Metrics', `services:\n${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `  node-${name}:\n    image: prom/node-exporter:v1.8.2\n`).join('')}`);
  await open(page, '/');
  await pictures(page, 'projects');
  await page.getByRole('button', { name: 'Actions for Metrics' }).click();
  await picture(page, 'project-menu');
  await page.getByRole('button', { name: 'Delete…' }).click();
  await pictures(page, 'project-delete');
});

test('pictures of the builder', async ({ page, api }) => {
  await open(page, `/projects/${await api.import('Blog', 'services: {}\n')}`);
  await pictures(page, 'builder-empty');

  const builder = new Builder(page);
  await builder.dragToCanvas('wordpress', 160, 90);
  await builder.dragToCanvas('mariadb', 480, 150);
  await builder.drawWire('wordpress', 'mariadb');
  await builder.wire('wordpress', 'mariadb').waitFor({ state: 'attached' });
  await builder.select('wordpress');
  await builder.saved();
  await pictures(page, 'builder');
  for (const tab of ['Environment', 'Ports', 'Volumes', 'Networks', 'Health', 'Resources', 'Labels', 'Advanced']) {
    await page.getByRole('tab', { name: tab }).click();
    await picture(page, `inspector-${tab.toLowerCase()}`);
  }
});

test('pictures of a file with problems', async ({ page, api }) => {
  const compose = `services:
  web:
    image: nginx
    ports:
      - "8080:80"
    depends_on:
      db:
        condition: service_healthy
  admin:
    image: adminer:latest
    ports:
      - "8080:8080"
    networks:
      - missing
  db:
    image: postgres:17
    environment:
      POSTGRES_PASSWORD: hunter2
`;
  const builder = await Builder.open(page, await api.import('With problems', compose));
  await page.getByTestId('mark-3').click();
  await page.getByTestId('mark-card').waitFor();
  await pictures(page, 'findings-in-place');
  await page.getByTestId('drawer-problems').click();
  await pictures(page, 'findings-list');

  await page.getByTestId('drawer-compose').click();
  await builder.text.fill(`${compose}  broken: "\n`);
  await page.getByTestId('compose-broken').waitFor();
  await picture(page, 'text-broken');
});

test('pictures of hosts and deployments', async ({ page, api }) => {
  await open(page, '/deployments');
  await pictures(page, 'deployments-empty');
  await open(page, '/hosts');
  await page.getByTestId('add-host').click();
  await page.getByRole('dialog', { name: 'Add a host' }).getByLabel('Name').fill('attic');
  await page.getByTestId('host-code').click();
  await page.getByTestId('copy-line').first().waitFor();
  await pictures(page, 'host-joins');
  await page.keyboard.press('Escape');
  await api.addHost('attic');
  await expect(page.getByTestId('host-attic')).toBeVisible();
  await pictures(page, 'hosts');
});

test('pictures of access', async ({ page }) => {
  await open(page, '/access');
  await pictures(page, 'access-empty');
  await page.getByRole('button', { name: 'New client' }).click();
  const dialog = page.getByRole('dialog', { name: 'Access for a program' });
  await dialog.getByLabel('Purpose').fill('billing');
  await pictures(page, 'access-new');
  await dialog.getByRole('button', { name: 'New client' }).click();
  await dialog.getByRole('button', { name: 'Done' }).waitFor();
  await pictures(page, 'access-secret');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await pictures(page, 'access');
});
