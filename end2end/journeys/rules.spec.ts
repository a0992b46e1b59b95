// The rules page: an administrator asks why a user is allowed or refused; others cannot open the page.
import { expect, hydrated, open, pictures, test } from '../fixtures';

test('an administrator is told by which rule, and by way of whom', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.waitForURL('**/admin/rules');
  await hydrated(page);
  await page.getByLabel('Who').fill('root');
  await page.getByLabel('Method').selectOption('PUT');
  await page.getByLabel('Path', { exact: true }).fill('/project/7');
  await page.getByRole('button', { name: 'Ask' }).click();
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('Allowed: root PUT /project/7');
  await expect(answer).toContainText('p, group_user, /project/:id, PUT');
  await expect(answer).toContainText('root → group_admin → group_user');
  await expect(answer).toContainText('/project/{id}, a route of this API');
  await pictures(page, 'rules-allowed');

  // The table lists all routes and can be filtered; each row links to its answer.
  await page.getByPlaceholder('Routes that contain').fill('health_check/metrics');
  await page.getByPlaceholder('Routes that contain').press('Enter');
  const row = page.getByTestId('route-GET /health_check/metrics');
  await expect(row).toContainText('allowed');
  await expect(page.getByTestId(/^route-/)).toHaveCount(1);
  await row.getByRole('link').click();
  await expect(answer).toContainText('Allowed: root GET /health_check/metrics');
});

test('what no rule allows is refused, with the rules that come nearest', async ({ page }) => {
  await open(page, '/admin/rules?subject=group_user&method=GET&path=/admin/project/user/7');
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('Refused: group_user GET /admin/project/user/7');
  await expect(answer).toContainText('p, group_admin, /admin/project/user/:userid, GET for somebody else');
  await pictures(page, 'rules-refused');
  await open(page, '/admin/rules?subject=group_user&method=GET&path=/no/such/path');
  await expect(answer).toContainText('No route of this API takes this path');
});

test('for a user without a known role, the role is chosen on the page', async ({ page }) => {
  await open(page, '/admin/rules');
  await page.getByLabel('Who').fill('5f0c-of-a-provider');
  await page.getByLabel('Path', { exact: true }).fill('/project');
  await page.getByRole('button', { name: 'Ask' }).click();
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('Nothing is known here of “5f0c-of-a-provider”');
  await page.getByLabel('With the role').selectOption('group_user');
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(answer).toContainText('Allowed: 5f0c-of-a-provider GET /project');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the rules can be asked and looked through', async ({ page }) => {
    await page.goto('/admin/rules');
    await page.getByLabel('Who').fill('anonym');
    await page.getByLabel('Path', { exact: true }).fill('/health_check');
    await page.getByRole('button', { name: 'Ask' }).click();
    await expect(page.getByTestId('answer')).toContainText('Allowed: anonym GET /health_check');
    await page.getByPlaceholder('Rules that contain').fill('/rating');
    await page.getByPlaceholder('Rules that contain').press('Enter');
    await expect(page.getByRole('region', { name: 'All rules' }).getByRole('row').nth(1)).toContainText('/rating');
    await expect(page.getByTestId('answer')).toContainText('Allowed: anonym GET /health_check');
  });
});
