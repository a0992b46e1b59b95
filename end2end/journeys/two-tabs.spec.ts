// One stack in two tabs: the second save asks what to do, and nothing is overwritten until then.
import type { BrowserContext } from '@playwright/test';
import { Builder } from '../builder';
import { expect, test } from '../fixtures';
import type { RestApi } from '../rest-api';

const compose = 'services:\n  web:\n    image: nginx:1.27\n';
const tagged = (tag: string) => compose.replace('1.27', tag);

// The server answers the second save with a conflict, which browsers log as an error.
test.use({ tolerated: [/status of 409/] });

test('in a conflict theirs can be taken, and mine is one undo away', async ({ context, api }) => {
  const { project, second } = await inConflict(context, api);
  const dialog = second.page.getByTestId('conflict');
  await expect(dialog).toContainText('nginx:1.28');
  await expect(dialog).toContainText('nginx:1.29');
  expect(await api.compose(project)).toBe(tagged('1.28'));

  await second.page.getByTestId('conflict-theirs').click();
  await expect(dialog).not.toBeVisible();
  await expect(second.text).toHaveValue(tagged('1.28'));
  await second.saved();
  expect(await api.compose(project)).toBe(tagged('1.28'));

  await second.undo.click();
  await expect(second.text).toHaveValue(tagged('1.29'));
  await second.saved();
  expect(await api.compose(project)).toBe(tagged('1.29'));
});

test('in a conflict mine can be kept, also after closing the question first', async ({ context, api }) => {
  const { project, second } = await inConflict(context, api);
  await second.page.keyboard.press('Escape');
  await expect(second.page.getByTestId('conflict')).not.toBeVisible();
  await expect(second.saveState).toContainText('Not saved: changed elsewhere');
  expect(await api.compose(project)).toBe(tagged('1.28'));

  await second.page.getByTestId('save-choose').click();
  await second.page.getByTestId('conflict-mine').click();
  await second.saved();
  expect(await api.compose(project)).toBe(tagged('1.29'));
});

/** Opens two tabs in conflict: the first has saved one tag, the second has tried to save another. */
async function inConflict(context: BrowserContext, api: RestApi) {
  const project = await api.import('Open twice', compose);
  const first = await Builder.open(await context.newPage(), project);
  const second = await Builder.open(await context.newPage(), project);
  await first.text.fill(tagged('1.28'));
  await first.saved();
  await second.text.fill(tagged('1.29'));
  await expect(second.page.getByTestId('conflict')).toBeVisible();
  return { project, second };
}
