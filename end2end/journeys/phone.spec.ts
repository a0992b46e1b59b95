// A phone, 360 px wide and without a mouse: a list instead of the canvas, everything is reachable, nothing overflows.
import type { Page } from '@playwright/test';
import { Builder, box } from '../builder';
import { expect, open, signedOut, test } from '../fixtures';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

test('a stack is built on a phone', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('On the way', 'services:\n  web:\n    image: nginx:1.27\n'));
  await expect(page.getByTestId('service-list')).toBeVisible();
  await expect(builder.canvas).not.toBeVisible();
  await nothingSticksOut(page);

  await builder.search('redis');
  await builder.app('redis').tap();
  await expect(page.getByTestId('list-item-redis')).toBeVisible();
  await page.getByTestId('list-edit-web').tap();
  await expect(page.getByTestId('inspector-name')).toHaveValue('web');
  await page.getByTestId('inspector-tag').fill('1.28');
  await page.getByTestId('inspector-depends-on-add').selectOption('redis');
  await expect(page.getByTestId('list-item-web')).toContainText('redis');
  await nothingSticksOut(page);

  for (const tab of ['Environment', 'Ports', 'Volumes', 'Networks', 'Health', 'Resources', 'Labels', 'Advanced']) {
    await page.getByRole('tab', { name: tab }).tap();
    await nothingSticksOut(page);
  }
  // The toolbar is one row: what has no place in it is in a menu.
  expect((await box(page.locator('.builder-toolbar'))).height).toBeLessThan(60);
  for (const control of ['undo', 'redo', 'toolbar-more', 'deploy', 'drawer-problems', 'drawer-compose']) {
    await page.getByTestId(control).scrollIntoViewIfNeeded();
    await expect(page.getByTestId(control)).toBeInViewport();
  }
  await page.getByTestId('toolbar-more').tap();
  await expect(page.getByTestId('import')).toBeInViewport();
  await page.getByTestId('show-canvas').tap();
  await page.keyboard.press('Escape');
  await expect(builder.node('redis')).toBeVisible();
  await nothingSticksOut(page);

  await builder.saved();
  expect(await builder.download()).toContain('nginx:1.28');
});

test('the project list fits a phone', async ({ page, api }) => {
  await api.import('A project with a rather long name on a phone', 'services:\n  web:\n    image: nginx:1.27\n');
  await open(page, '/');
  await nothingSticksOut(page);
  await page.getByRole('button', { name: /^Actions for A project/ }).first().tap();
  await expect(page.getByRole('button', { name: 'Delete…' })).toBeInViewport();
  await page.getByRole('button', { name: 'Delete…' }).tap();
  await expect(page.getByRole('button', { name: 'Delete this project' })).toBeInViewport();
  await nothingSticksOut(page);
});

test.describe('signed out', () => {
  test.use({ storageState: signedOut });

  test('the sign-in page fits a phone', async ({ page }) => {
    await open(page, '/sign-in');
    await nothingSticksOut(page);
  });
});

async function nothingSticksOut(page: Page) {
  const width = () => page.evaluate(() => Math.max(document.documentElement.scrollWidth, Math.round(window.visualViewport?.width ?? 0)));
  await expect.poll(width).toBeLessThanOrEqual(360);
}
