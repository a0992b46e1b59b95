// The builder without a mouse.
import { type Locator, type Page, expect } from '@playwright/test';
import { Builder } from '../builder';
import { hydrated, test } from '../fixtures';

test('a service is added, selected, moved, removed and brought back by keyboard alone', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('By keyboard', 'services: {}\n'));
  const { keyboard } = page;

  await tabTo(page, page.getByTestId('catalogue-search'));
  await keyboard.type('redis');
  await tabTo(page, builder.app('redis'));
  await keyboard.press('Enter');
  await expect(builder.node('redis')).toBeVisible();
  const added = await builder.compose();

  await tabTo(page, builder.node('redis'));
  await keyboard.press('Enter');
  await expect(page.getByTestId('inspector')).toBeFocused();
  await expect(page.getByTestId('inspector-name')).toHaveValue('redis');

  await tabTo(page, builder.node('redis'), 'Shift+Tab');
  const { x, y } = await builder.position('redis');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowDown');
  await expect.poll(() => builder.position('redis')).toEqual({ x: x + 20, y: y + 20 });

  await keyboard.press('Delete');
  await expect(builder.node('redis')).not.toBeAttached();
  await keyboard.press('Control+z');
  await expect(builder.node('redis')).toBeVisible();
  await expect(builder.text).toHaveValue(added);
  expect(await builder.position('redis')).toEqual({ x: x + 20, y: y + 20 });
  await builder.saved();
});

test('two services are connected by keyboard', async ({ page, api }) => {
  const compose = 'services:\n  web:\n    image: nginx:1.27\n  cache:\n    image: redis:7.4\n';
  const builder = await Builder.open(page, await api.import('By keyboard', compose));
  await tabTo(page, page.getByTestId('handle-web'));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('inspector-depends-on-add')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(builder.wire('web', 'cache')).toBeAttached();
  await expect(builder.text).toHaveValue(/web:\n[\s\S]*depends_on:[\s\S]*cache[\s\S]*\n {2}cache:/);
});

test('the keys that people try first do what they expect', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('By keyboard', 'services: {}\n'));
  const { keyboard } = page;

  await keyboard.press('/');
  await expect(page.getByTestId('catalogue-search')).toBeFocused();
  await keyboard.type('redis');
  await keyboard.press('Enter');
  await expect(builder.node('redis')).toBeVisible();

  await keyboard.press('Control+k');
  await expect(page.getByTestId('command-search')).toBeFocused();
  await keyboard.type('add an im');
  await keyboard.press('Enter');
  await expect(page.locator('#custom-image-reference')).toBeFocused();
  await keyboard.type('nginx:1.27');
  await keyboard.press('Enter');
  await expect(builder.node('nginx')).toBeVisible();

  await builder.node('nginx').focus();
  await keyboard.press('?');
  await expect(page.getByTestId('shortcut-list')).toBeVisible();
  await keyboard.press('Escape');

  const width = async () => (await page.getByTestId('inspector').boundingBox())?.width ?? 0;
  const before = await width();
  await tabTo(page, page.getByTestId('inspector-grip'));
  await keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(before + 20);
  await builder.saved();
  await page.reload();
  await hydrated(page);
  expect(await width()).toBe(before + 20);

  await builder.text.focus();
  await keyboard.press('Escape');
  await keyboard.press('Tab');
  await expect(builder.text).not.toBeFocused();
});

async function tabTo(page: Page, aim: Locator, key = 'Tab') {
  const steps = 80;
  for (let step = 0; step < steps; step++) {
    if (await aim.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${aim} was not reached with ${steps} × ${key}`);
}
