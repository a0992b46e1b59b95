// A shared project: a person joins with a code, changes role, receives the ownership, and leaves.
import type { Browser, Page } from '@playwright/test';
import { Builder } from '../builder';
import { expect, open, pictures, signedOut } from '../fixtures';
import { OF_THE_PROVIDER, signsIn, test, withoutFonts } from '../with-provider';

test.use({ storageState: signedOut, serverOf: 'provider', tolerated: [OF_THE_PROVIDER] });
test.beforeEach(({ context }) => withoutFonts(context));

const COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n';

/** Signs in another person in a separate browser. */
async function another(browser: Browser, page: Page, login: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: new URL(page.url()).origin });
  await withoutFonts(context);
  const theirs = await context.newPage();
  await open(theirs, '/');
  await signsIn(theirs, login);
  return theirs;
}

/** Creates a project for the signed-in person and returns its URL. */
async function makes(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByText('Start from a compose file').click();
  await page.getByLabel('Or paste it').fill(COMPOSE);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/\/projects\/\d+$/);
  return new URL(page.url()).pathname;
}

/** Creates an invitation code on the people page. */
async function invites(page: Page, role: string): Promise<string> {
  await page.getByTestId('invite').click();
  const dialog = page.getByRole('dialog', { name: 'Invite someone' });
  await dialog.getByLabel('Role').selectOption(role);
  await dialog.getByRole('button', { name: 'Create code' }).click();
  const code = await dialog.getByTestId('copy-line').innerText();
  expect(code).toMatch(/^stki_/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  return code;
}

async function joins(page: Page, code: string) {
  await open(page, '/');
  await page.getByRole('button', { name: 'Join a project' }).click();
  await page.getByLabel('Invitation code').fill(code);
  await page.getByRole('button', { name: 'Join', exact: true }).click();
}

test('a viewer is let in, becomes an editor, then the owner, and the former owner leaves', async ({ page, browser }) => {
  await open(page, '/');
  await signsIn(page, 'ada');
  const project = await makes(page, 'Team shop');
  await page.getByTestId('people').click();
  await expect(page).toHaveURL(`${project}/people`);
  await expect(page.getByText('No open invitation')).toBeVisible();
  const code = await invites(page, 'viewer');
  await expect(page.getByTestId('invitations').getByRole('listitem')).toHaveCount(1);

  const bob = await another(browser, page, 'bob');
  await joins(bob, code);
  await bob.waitForURL((url) => url.pathname === project);
  await expect(bob.getByTestId('read-only')).toContainText('You are a viewer of this project');
  await expect(bob.getByTestId('deploy')).toHaveCount(0);
  await expect(bob.getByTestId('compose-text')).toHaveAttribute('readonly', '');
  await new Builder(bob).select('web');
  await bob.getByLabel('Tag', { exact: true }).fill('1.28');
  await expect(bob.getByText('cannot change it').first()).toBeVisible();
  await open(bob, '/');
  await expect(bob.getByText('Owner: ada of the provider · your role: viewer')).toBeVisible();
  await pictures(bob, 'projects-shared');
  // The code is used up.
  await joins(bob, code);
  await expect(bob.getByText('This code does not work')).toBeVisible();

  await open(page, `${project}/people`);
  await expect(page.getByTestId('members').getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Actions for bob of the provider' }).click();
  await pictures(page, 'people');
  await page.getByRole('button', { name: 'Make an editor' }).click();
  // The menu in the same row says “editor” too.
  await expect(page.getByTestId('member-bob').getByText('editor', { exact: true })).toBeVisible();

  await open(bob, project);
  await expect(bob.getByTestId('read-only')).toHaveCount(0);
  await new Builder(bob).select('web');
  await bob.getByLabel('Tag', { exact: true }).fill('1.28');
  await expect(bob.getByTestId('save-state')).toContainText('Saved');
  await open(page, project);
  await expect(page.getByTestId('compose-text')).toHaveValue(/nginx:1\.28/);

  await open(page, `${project}/people`);
  await page.getByRole('button', { name: 'Actions for bob of the provider' }).click();
  await page.getByRole('button', { name: 'Make the owner…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Transfer project' });
  await dialog.getByLabel('Type “Team shop” to confirm').fill('team shop');
  await dialog.getByRole('button', { name: 'Transfer this project' }).click();
  await expect(page.getByText('The project was not transferred')).toBeVisible();
  await page.getByRole('button', { name: 'Actions for bob of the provider' }).click();
  await page.getByRole('button', { name: 'Make the owner…' }).click();
  await dialog.getByLabel('Type “Team shop” to confirm').fill('Team shop');
  await dialog.getByRole('button', { name: 'Transfer this project' }).click();
  await expect(page.getByTestId('invite')).toHaveCount(0);
  await expect(page.getByTestId('member-ada')).toContainText('editor');

  await page.getByRole('button', { name: 'Leave…' }).click();
  await page.getByRole('button', { name: 'Leave this project' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await expect(page.getByText('Team shop')).toHaveCount(0);
  await expect(bob.getByTestId('save-state')).toBeVisible();
  await bob.context().close();
});

test('a member who is removed while looking at a deployment sees no more of it', async ({ page, browser }) => {
  await open(page, '/');
  await signsIn(page, 'ada');
  const project = await makes(page, 'Shop of ada');
  const id = Number(project.split('/').pop());
  await open(page, `${project}/people`);
  const carol = await another(browser, page, 'carol');
  await joins(carol, await invites(page, 'operator'));
  await carol.waitForURL((url) => url.pathname === project);
  await expect(carol.getByTestId('deploy')).toBeVisible();

  await open(page, `${project}/people`);
  await page.getByRole('button', { name: 'Actions for carol of the provider' }).click();
  await page.getByRole('button', { name: 'Remove from the project' }).click();
  await expect(page.getByTestId('member-carol')).toHaveCount(0);
  const gone = await carol.goto(`/projects/${id}`);
  expect(gone?.status()).toBe(404);
  await carol.context().close();
});
