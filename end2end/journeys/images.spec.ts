// Images: what the registry says arrives late and blocks nothing; a tag is chosen from a list; a digest is pinned.
import { Builder } from '../builder';
import { picture, pictures } from '../fixtures';
import { expect, test } from '../with-registry';

test.use({ serverOf: 'images' });
test.describe.configure({ mode: 'serial' });

const both = { platforms: ['amd64', 'arm64'], sizeBytes: 57_400_000, daysOld: 100 };
let digest = '';

test.beforeAll(({ registry }) => {
  digest = registry.push('acme/shop', '1.2', both);
  registry.push('acme/shop', '1.3-alpine', { platforms: ['amd64'], sizeBytes: 8_100_000, daysOld: 3 });
  registry.push('acme/shop', 'latest', both);
  registry.push('acme/old', '2.1', { ...both, platforms: ['amd64'] });
  registry.push('acme/old', '2.4', both);
  for (let version = 1; version <= 70; version++) registry.push('acme/many', `0.${version}`, both);
});

const compose = (image: string) => `services:\n  web:\n    image: ${image} # the front\n    restart: always\n`;

test('an unknown tag is a finding a while after it was typed, and asks nothing when a node moves', async ({ page, api, registry }) => {
  const image = `${registry.host}/acme/shop`;
  const builder = await Builder.open(page, await api.import('Typed', compose(`${image}:1.2`)));
  const problems = page.getByTestId('drawer-problems');
  await builder.select('web');
  const facts = page.getByTestId('image-facts');
  await expect(facts).toHaveText('57 MB · 3 months ago · amd64, arm64');
  await expect(facts.locator('time')).toHaveAttribute('title', /^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  await expect(problems).toHaveText('No problems found');

  await page.getByTestId('inspector-tag').fill('9.99');
  await expect(builder.text).toHaveValue(compose(`${image}:9.99`));
  await expect(problems, 'nothing waits for the registry').toHaveText('No problems found');
  await expect(problems).toHaveText('1 error');
  await expect(facts).toHaveText('This tag does not exist in its registry.');
  await problems.click();
  const finding = page.getByTestId('finding-image-not-found');
  await expect(finding).toContainText(`${image}:9.99 does not exist`);
  await expect(finding.getByRole('button', { name: 'web, line 3' })).toBeVisible();
  await picture(page, 'images-not-found');

  const before = registry.asked.length;
  await builder.moveNode('web', 40, 40);
  await builder.undo.click();
  await builder.undo.click();
  await expect(builder.text).toHaveValue(compose(`${image}:1.2`));
  await expect(problems).toHaveText('No problems found');
  // Longer than the pause before a question.
  await page.waitForTimeout(2_500);
  expect(registry.asked.length, 'questions about what is known').toBe(before);

  // The page of the code explains it.
  const answer = await page.request.get('/docs/rules/image-not-found');
  expect(answer.status()).toBe(200);
});

test('a missing platform and a newer tag are hints, and the newer tag is one step', async ({ page, api, registry }) => {
  const image = `${registry.host}/acme/old`;
  const builder = await Builder.open(page, await api.import('Old', compose(`${image}:2.1`)));
  await expect(page.getByTestId('drawer-problems')).toHaveText('2 hints');
  await page.getByTestId('drawer-problems').click();
  await expect(page.getByTestId('finding-image-no-platform')).toContainText('no version for linux/arm64');
  await page.getByTestId('fix-image-newer-tag').click();
  await expect(builder.text).toHaveValue(compose(`${image}:2.4`));
  await expect(page.getByTestId('drawer-problems')).toHaveText('No problems found');
  await builder.undo.click();
  await expect(builder.text).toHaveValue(compose(`${image}:2.1`));

  await page.getByTestId('never-image-no-platform').click();
  await expect(page.getByTestId('drawer-problems')).toHaveText('1 hint');
  await page.getByTestId('ignore-image-newer-tag').click();
  await expect(page.getByTestId('drawer-problems')).toHaveText('No problems found');
  await expect(builder.text).toHaveValue(/# the front/);
  await builder.saved();
});

test('a tag is searched and chosen by keyboard, which changes one line in one step', async ({ page, api, registry }) => {
  const image = `${registry.host}/acme/shop`;
  const builder = await Builder.open(page, await api.import('Chosen', compose(`${image}:1.2`)));
  await builder.select('web');
  await expect(page.getByTestId('image-facts')).toContainText('57 MB');
  expect(registry.asked.filter((path) => path.endsWith('/manifests/latest')), 'asked before the list is open').toEqual([]);
  await page.getByTestId('choose-tag').click();
  const dialog = page.getByRole('dialog', { name: 'Choose a tag' });
  const search = dialog.getByRole('combobox', { name: 'Find a tag' });
  await expect(search).toBeFocused();
  const options = dialog.getByRole('option');
  await expect(options).toHaveCount(3);
  await expect(options.nth(0)).toContainText('1.3-alpine');
  await expect(options.nth(0)).toContainText('8.1 MB · 3 d ago · amd64');
  await expect(options.nth(1)).toContainText('in use');
  await expect(dialog.getByTestId('tag-summary')).toHaveText('3 in all.');
  await pictures(page, 'images-tags');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(wide, 'the page sticks out').toBe(false);
  await page.emulateMedia({ colorScheme: 'light' });

  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(search).toHaveAttribute('aria-activedescendant', 'tag-1');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByTestId('choose-tag')).toBeFocused();
  await expect(builder.text).toHaveValue(compose(`${image}:1.2`));

  await page.keyboard.press('Enter');
  await search.fill('ALP');
  await expect(options).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(builder.text).toHaveValue(compose(`${image}:1.3-alpine`));
  await builder.undo.click();
  await expect(builder.text).toHaveValue(compose(`${image}:1.2`));
  await builder.saved();
});

test('a long list is limited, and the search finds the rest', async ({ page, api, registry }) => {
  const builder = await Builder.open(page, await api.import('Many', compose(`${registry.host}/acme/many:0.7`)));
  await builder.select('web');
  await page.getByTestId('choose-tag').click();
  const dialog = page.getByRole('dialog', { name: 'Choose a tag' });
  await expect(dialog.getByRole('option')).toHaveCount(50);
  await expect(dialog.getByTestId('tag-summary')).toHaveText('The first 50 tags. Type to find others.');
  await dialog.getByRole('combobox').fill('0.11');
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await dialog.getByRole('combobox').fill('nothing');
  await expect(dialog.getByTestId('tag-summary')).toHaveText('No tag contains this.');
});

test('the digest of a tag is pinned in one step', async ({ page, api, registry }) => {
  const image = `${registry.host}/acme/shop:1.2`;
  const builder = await Builder.open(page, await api.import('Pinned', compose(image)));
  await builder.select('web');
  await page.getByTestId('pin-digest').click();
  await expect(builder.text).toHaveValue(compose(`${image}@${digest}`));
  await expect(page.getByTestId('pin-digest')).toBeHidden();
  await expect(page.getByTestId('image-facts')).toContainText('57 MB');
  await pictures(page, 'images-pinned');
  await builder.undo.click();
  await expect(builder.text).toHaveValue(compose(image));
});

test('the deploy dialog names images that do not exist, and stops nobody', async ({ page, api, registry }) => {
  await Builder.open(page, await api.import('Deployed', compose(`${registry.host}/acme/shop:9.98`)));
  await page.getByTestId('deploy').click();
  const warned = page.getByTestId('deploy-images');
  await expect(warned).toContainText('Images that do not exist');
  await expect(warned).toContainText(`${registry.host}/acme/shop:9.98`);
  await picture(page, 'images-deploy');
});

test.describe('a registry that refuses', () => {
  // The browser reports the failed request itself, too.
  test.use({ tolerated: [/status of (409|4\d\d|5\d\d)/] });

  test('says so in words, leaves everything as it is, and no finding is made up', async ({ page, api, registry }) => {
    registry.refusesWith = 503;
    const image = `${registry.host}/acme/busy:1`;
    const builder = await Builder.open(page, await api.import('Refused', compose(image)));
    await builder.select('web');
    const facts = page.getByTestId('image-facts');
    await expect(facts).toContainText('did not answer');
    await expect(page.getByTestId('drawer-problems')).toHaveText('No problems found');
    await page.getByTestId('choose-tag').click();
    const dialog = page.getByRole('dialog', { name: 'Choose a tag' });
    await expect(dialog).toContainText('Nothing was changed. You can type a tag into its field, or try again.');
    await picture(page, 'images-refused');
    await page.keyboard.press('Escape');
    await expect(builder.text).toHaveValue(compose(image));
    registry.refusesWith = undefined;
  });
});
