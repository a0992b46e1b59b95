// The main feature of the product: two apps are dragged to the canvas and connected with one wire.
import { Builder } from '../builder';
import { expect, open, test } from '../fixtures';

test('WordPress and MariaDB become one stack by drag and wire', async ({ page, api }) => {
  await open(page, `/projects/${await api.import('Blog', 'services: {}\n')}`);
  const builder = new Builder(page);
  await builder.search('wordpress');
  await builder.dragToCanvas('wordpress', 120, 100);
  await builder.search('mariadb');
  await builder.dragToCanvas('mariadb', 460, 200);
  const before = await builder.compose();
  expect(before).not.toContain('depends_on');

  await builder.drawWire('wordpress', 'mariadb');
  await expect(builder.wire('wordpress', 'mariadb')).toBeAttached();
  const wired = await builder.compose();
  const { wordpress, mariadb } = services(wired);
  expect(wordpress).toMatch(/depends_on:\n +mariadb:\n +condition: service_healthy/);
  for (const name of ['HOST', 'USER', 'PASSWORD', 'NAME']) expect(wordpress).toContain(`WORDPRESS_DB_${name}`);
  expect(mariadb).toContain('healthcheck:');
  expect(networks(wordpress).filter((network) => networks(mariadb).includes(network))).not.toEqual([]);
  expect(await builder.problems('Error')).toEqual([]);
  expect((await api.check(wired)).filter((finding) => finding.severity === 'error')).toEqual([]);

  await builder.undo.click();
  await expect(builder.text).toHaveValue(before);
  await expect(builder.wire('wordpress', 'mariadb')).not.toBeAttached();
  await builder.redo.click();
  await expect(builder.text).toHaveValue(wired);
  await expect(builder.wire('wordpress', 'mariadb')).toBeAttached();

  await builder.saved();
  expect(await api.compose(builder.project)).toBe(wired);
});

test('generated and typed secrets are kept beside the file, and come along as .env', async ({ page, api }) => {
  await open(page, `/projects/${await api.import('Blog', 'services: {}\n')}`);
  const builder = new Builder(page);
  for (const app of ['wordpress', 'mariadb']) {
    await builder.search(app);
    await builder.app(app).press('Enter');
    await expect(builder.node(app)).toBeVisible();
  }
  await builder.drawWire('wordpress', 'mariadb');
  await expect(builder.wire('wordpress', 'mariadb')).toBeAttached();
  const wired = await builder.compose();
  expect(wired).toContain('MARIADB_PASSWORD: ${MARIADB_PASSWORD}');
  expect(wired).toContain('WORDPRESS_DB_PASSWORD: ${MARIADB_PASSWORD}');
  await expect.poll(() => builder.findings()).toEqual([]);
  await builder.saved();
  expect(await builder.download()).toBe(wired);
  const env = await builder.downloadEnv();
  const password = /^MARIADB_PASSWORD=(\w{24})\nMARIADB_ROOT_PASSWORD=\w{24}\n$/.exec(env)?.[1] ?? 'none';
  expect(password).not.toBe('none');

  // The page knows the names after a reload, and not the values.
  await open(page, `/projects/${builder.project}`);
  await expect.poll(() => builder.findings()).toEqual([]);
  expect(await page.content()).not.toContain(password);
  const other =
    '  other:\n    image: nginx:1.27\n    environment:\n      API_TOKEN: first-secret\n      URL: https://me:second@example.com/\n      TAG: ${TAG}\n';
  await builder.text.fill(wired.replace('services:\n', () => `services:\n${other}`));
  await expect.poll(() => builder.findings()).toEqual(['secret-in-plain-text', 'variable-unset']);
  await page.getByTestId('drawer-problems').click();
  await page.getByRole('button', { name: 'Move secrets to .env' }).first().click();
  await page.getByTestId('drawer-compose').click();
  await expect.poll(() => builder.findings()).toEqual(['variable-unset']);
  const field = page.getByLabel('Value of TAG', { exact: true });
  await field.fill('typed-here');
  await field.press('Enter');
  await expect.poll(() => builder.findings()).toEqual([]);
  await builder.saved();
  const all = `API_TOKEN=first-secret\n${env}TAG=typed-here\nURL_PASSWORD=second\n`;
  expect(await builder.downloadEnv()).toBe(all);

  // Undo takes the value back from the server, and redo brings it there again.
  await builder.undo.click();
  await expect.poll(() => builder.findings()).toEqual(['variable-unset']);
  await builder.saved();
  expect(await builder.downloadEnv()).toBe(all.replace('TAG=typed-here\n', ''));
  await builder.redo.click();
  await builder.saved();
  expect(await builder.downloadEnv()).toBe(all);
});

/** The text of each service. */
function services(compose: string): Record<string, string> {
  const section = /^services:\n((?:(?: .*)?\n)*)/m.exec(compose)?.[1] ?? '';
  return Object.fromEntries(section.split(/^(?= {2}\S)/m).map((service) => [/^ {2}(\S+):/.exec(service)?.[1], service]));
}

/** The networks that a service lists. */
function networks(service: string): string[] {
  const section = /^ {4}networks:\n((?: {5,}.*\n)*)/m.exec(service)?.[1] ?? '';
  return section.split('\n').flatMap((line) => /^ +(?:- )?([\w-]+):?/.exec(line)?.[1] ?? []);
}
