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
