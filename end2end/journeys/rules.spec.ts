// The rules page: an administrator asks why a user is allowed or refused; others cannot open the page.
import { expect, hydrated, open, pictures, test } from '../fixtures';

test('an administrator is told by which rule, and by way of whom', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.waitForURL('**/admin/rules');
  await hydrated(page);
  await page.getByLabel('Subject', { exact: true }).fill('root');
  await page.getByLabel('Method').selectOption('PUT');
  await page.getByLabel('Path', { exact: true }).fill('/project/7');
  await page.getByRole('button', { name: 'Check' }).click();
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('Allowed: root may send PUT /project/7');
  await expect(answer).toContainText('group_user may send PUT /project/:id');
  await expect(answer).toContainText('root is a member of group_admin, which is a member of group_user');
  await expect(answer).toContainText('/project/{id}');
  await pictures(page, 'rules-allowed');

  // All routes are listed and can be searched; each links to its answer.
  await page.getByPlaceholder('Search routes').fill('health_check/metrics');
  await page.getByPlaceholder('Search routes').press('Enter');
  const row = page.getByTestId('route-GET /health_check/metrics');
  await expect(page.getByText('Allowed · 1')).toBeVisible();
  await expect(page.getByTestId(/^route-/)).toHaveCount(1);
  await row.getByRole('link').click();
  await expect(answer).toContainText('Allowed: root may send GET /health_check/metrics');
});

test('what no rule allows is refused, with the rules that come nearest', async ({ page }) => {
  await open(page, '/admin/rules?subject=group_user&method=GET&path=/admin/project/user/7');
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('Refused: group_user may not send GET /admin/project/user/7');
  await expect(answer).toContainText('group_admin may send GET /admin/project/user/:userid (another subject)');
  await expect(answer).toContainText('console policy add group_user /admin/project/user/:');
  await pictures(page, 'rules-refused');
  await open(page, '/admin/rules?subject=group_user&method=GET&path=/no/such/path');
  await expect(answer).toContainText('No route of this API has this path');
});

test('for a user without a known role, the role is chosen on the page', async ({ page }) => {
  await open(page, '/admin/rules');
  await page.getByLabel('Subject', { exact: true }).fill('5f0c-of-a-provider');
  await page.getByLabel('Path', { exact: true }).fill('/project');
  await page.getByRole('button', { name: 'Check' }).click();
  const answer = page.getByTestId('answer');
  await expect(answer).toContainText('The role of “5f0c-of-a-provider” is unknown');
  await page.getByText('More options', { exact: true }).click();
  await page.getByLabel('Role of the user').selectOption('group_user');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(answer).toContainText('Allowed: 5f0c-of-a-provider may send GET /project');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('requests can be checked and rules searched', async ({ page }) => {
    await page.goto('/admin/rules');
    await page.getByLabel('Subject', { exact: true }).fill('anonym');
    await page.getByLabel('Path', { exact: true }).fill('/health_check');
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByTestId('answer')).toContainText('Allowed: anonym may send GET /health_check');
    await page.getByPlaceholder('Search rules').fill('/rating');
    await page.getByPlaceholder('Search rules').press('Enter');
    await expect(page.getByRole('region', { name: 'All rules' }).getByRole('row').nth(1)).toContainText('/rating');
    await expect(page.getByTestId('answer')).toContainText('Allowed: anonym may send GET /health_check');
  });
});
