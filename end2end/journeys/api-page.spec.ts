// The page of the REST API: an operation is found and read without any script of ours, and axe finds nothing, in both themes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Page } from '@playwright/test';
import { expect, picture, signedOut, test } from '../fixtures';

test.use({ storageState: signedOut });

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('an operation of the API is found, its answer followed to its object, and everything is accessible', async ({ page }) => {
  await page.goto('/docs');
  await page.getByRole('navigation').getByRole('link', { name: 'The projects of a user' }).click();
  const operation = page.locator('#list_projects_of_user');
  await expect(operation.getByText('How many, up to 1000, which is also the default')).toBeVisible();
  await operation.getByRole('link', { name: 'ErrorBody' }).first().click();
  await expect(page.locator('#schema-ErrorBody').getByText('required').first()).toBeVisible();

  await isAccessible(page);
});

test('a rule is found in the list, read, and everything is accessible', async ({ page }) => {
  await page.goto('/docs');
  await page.getByRole('navigation', { name: 'Documentation' }).getByRole('link', { name: 'Check rules' }).click();
  await isAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: 'engine-socket', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'How to fix it' })).toBeVisible();
  await picture(page, 'rule-page');
  await isAccessible(page);
  await picture(page, 'rule-page-phone');
});

async function isAccessible(page: Page) {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // Evaluated by the debugger, which the page's policy does not concern.
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      document.querySelectorAll('details').forEach((part, at) => (part.open = at % 8 === 0));
      // @ts-expect-error defined by the script above
      const { violations } = await window.axe.run();
      return violations.map((rule: { id: string; nodes: { html: string }[] }) => `${rule.id}: ${rule.nodes[0]?.html}`);
    });
    expect(found, colorScheme).toEqual([]);
  }

  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
}
