// One stack in two tabs: edits of different services are merged. Edits of the same service lead to a choice, and
// the version that was not chosen is one undo away.
import type { BrowserContext } from '@playwright/test';
import { Builder } from '../builder';
import { expect, test } from '../fixtures';
import type { RestApi } from '../rest-api';

const compose = 'services:\n  web:\n    image: nginx:1.27 # the front\n\n  # keeps everything\n  db:\n    image: postgres:17\n';
const tagged = (tag: string, text = compose) => text.replace('1.27', tag);

// The server answers a save that is based on an older version with a conflict, which browsers log as an error.
test.use({ tolerated: [/status of 409/] });

test('a tab without changes says that there is a newer version and shows it', async ({ context, api }) => {
  const { first, second } = await inTwoTabs(context, api);
  await first.text.fill(tagged('1.28'));
  await first.saved();
  await expect(second.text).toHaveValue(tagged('1.28'));
  await expect(second.page.getByTestId('merged')).toContainText('service web');
  await expect(second.undo).toHaveAttribute('aria-disabled', 'true');
  await second.saved();
});

test('edits of two services are merged, and undo takes back only those of this tab', async ({ context, api }) => {
  const { project, first, second } = await inTwoTabs(context, api);
  const both = tagged('1.28').replace('postgres:17', 'postgres:18');
  await first.text.fill(tagged('1.28'));
  await second.text.fill(compose.replace('postgres:17', 'postgres:18'));
  for (const tab of [first, second]) {
    await expect(tab.text).toHaveValue(both);
    await tab.saved();
  }
  expect(await api.compose(project)).toBe(both);

  await second.undo.click();
  await expect(second.text).toHaveValue(tagged('1.28'));
  await expect(first.text).toHaveValue(tagged('1.28'));
  await second.saved();
  expect(await api.compose(project)).toBe(tagged('1.28'));
});

test('in a conflict theirs can be taken, and mine is one undo away', async ({ context, api }) => {
  const { project, second } = await inConflict(context, api);
  const dialog = second.page.getByTestId('conflict');
  await expect(dialog).toContainText('nginx:1.28');
  await expect(dialog).toContainText('nginx:1.29');
  await expect(dialog.getByTestId('conflict-jump')).toHaveText('Show service web');
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
  const { project, first, second } = await inConflict(context, api);
  await second.page.keyboard.press('Escape');
  await expect(second.page.getByTestId('conflict')).not.toBeVisible();
  await expect(second.saveState).toContainText('Not saved: changed elsewhere');
  expect(await api.compose(project)).toBe(tagged('1.28'));

  await second.page.getByTestId('save-choose').click();
  await second.page.getByTestId('conflict-mine').click();
  await second.saved();
  expect(await api.compose(project)).toBe(tagged('1.29'));
  await expect(first.text).toHaveValue(tagged('1.29'));

  await second.undo.click();
  await expect(second.text).toHaveValue(tagged('1.28'));
});

async function inTwoTabs(context: BrowserContext, api: RestApi) {
  const project = await api.import('Open twice', compose);
  const first = await Builder.open(await context.newPage(), project);
  const second = await Builder.open(await context.newPage(), project);
  return { project, first, second };
}

/** Opens two tabs in conflict: the first has saved one tag, the second has tried to save another. */
async function inConflict(context: BrowserContext, api: RestApi) {
  const { project, first, second } = await inTwoTabs(context, api);
  let letSecondSave = () => {};
  const firstIsSaved = new Promise<void>((resolve) => {
    letSecondSave = resolve;
  });
  await second.page.route('**/rpc/projects/save', async (route) => {
    await firstIsSaved;
    await route.continue();
  });
  await second.text.fill(tagged('1.29'));
  await first.text.fill(tagged('1.28'));
  await first.saved();
  letSecondSave();
  await expect(second.page.getByTestId('conflict')).toBeVisible();
  return { project, first, second };
}
