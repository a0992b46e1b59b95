// Without JavaScript: the project list works with plain forms, and projects can be read.
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';

test.use({ javaScriptEnabled: false });

test('projects are created, renamed, duplicated, found and deleted without JavaScript', async ({ page, api }) => {
  await api.deleteAll();
  await page.goto('/');
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByRole('dialog').getByLabel('Name').fill('Plain forms');
  await page.getByRole('button', { name: 'Create project' }).click();
  await expect(page).toHaveURL(/\/projects\/\d+$/);
  await expect(page.getByTestId('project-name')).toHaveText('Plain forms');

  await page.goto('/');
  await act(page, 'Plain forms', 'Rename…');
  await page.getByRole('dialog').getByLabel('Name').fill('Renamed');
  await page.getByRole('dialog').getByRole('button', { name: 'Rename' }).click();
  await expect(names(page)).toHaveText(['Renamed']);

  await act(page, 'Renamed', 'Duplicate');
  await expect(names(page)).toHaveCount(2);
  const copy = (await names(page).allTextContents()).find((name) => name !== 'Renamed') ?? '';
  expect(copy).toContain('Renamed');

  await page.getByRole('searchbox').fill(copy);
  await page.getByRole('searchbox').press('Enter');
  await expect(names(page)).toHaveText([copy]);
  await page.getByRole('searchbox').fill('no such project');
  await page.getByRole('searchbox').press('Enter');
  await expect(page.getByText('No project matches “no such project”')).toBeVisible();
  await page.goto('/');

  await deleteTyping(page, copy, 'something else');
  await expect(page.getByText('Nothing was deleted')).toBeVisible();
  await expect(names(page)).toHaveCount(2);
  await deleteTyping(page, copy, copy);
  await expect(names(page)).toHaveText(['Renamed']);
});

test('a stack can be read and downloaded without JavaScript', async ({ page, api }) => {
  const compose = 'services:\n  web:\n    image: nginx:1.27\n';
  const project = await api.import('To read', compose);
  await page.goto(`/projects/${project}`);
  await expect(page.getByTestId('compose-lines')).toContainText('image: nginx:1.27');
  await expect(page.getByText('nginx:1.27').first()).toBeVisible();
  const starts = page.waitForEvent('download');
  await page.getByTestId('download').click();
  expect((await starts).suggestedFilename()).toBe('docker-compose.yml');
});

/** The names of the listed projects: the links of the rows. */
function names(page: Page) {
  return page.getByRole('rowheader').getByRole('link');
}

async function act(page: Page, project: string, action: string) {
  await page.getByRole('button', { name: `Actions for ${project}`, exact: true }).click();
  await page.getByRole('button', { name: action }).click();
}

async function deleteTyping(page: Page, project: string, typed: string) {
  await act(page, project, 'Delete…');
  await page.getByRole('dialog').locator('[name=confirm_name]').fill(typed);
  await page.getByRole('button', { name: 'Delete this project' }).click();
}
