// Untrusted text stays text: nothing in names, values and comments becomes markup or runs.
import { Builder } from '../builder';
import { expect, open, test } from '../fixtures';

const run = 'window.hostile=true';
const comment = `</textarea></script><script>${run}</script><!-- `;
const image = `x"><img src=hostile onerror="${run}">`;
const value = `</script><svg onload='${run}'>`;
const name = `</title><script>${run}</script>`;
const compose = `# ${comment}
services:
  "<b>bold</b>":
    image: '${image}'
    environment:
      NOTE: "${value}"
      "<i>key</i>": x
  shop:
    image: nginx:1.27
    container_name: '"><script>${run}</script>'
    networks: ["<u>net</u>"]
networks:
  "<u>net</u>": {}
`;

test('a hostile compose file is shown as text everywhere', async ({ page, api }) => {
  const project = await api.import(name, compose);
  const nothingRan = async () => {
    expect(await page.evaluate(() => 'hostile' in window)).toBe(false);
    await expect(page.locator('img, [onload], [onerror], b, i, u')).toHaveCount(0);
    await expect(page.locator('script', { hasText: /^window\.hostile/ })).toHaveCount(0);
  };

  await open(page, '/');
  await expect(page.getByRole('link', { name })).toBeVisible();
  await nothingRan();

  const builder = await Builder.open(page, project);
  await expect(page.getByTestId('project-name')).toHaveText(name);
  await expect(page).toHaveTitle(`${name} · Stacker`);
  await expect(builder.text).toHaveValue(compose);
  await expect(page.getByTestId('compose-lines')).toContainText(comment.trim());
  await expect(builder.node('<b>bold</b>')).toContainText('<b>bold</b>');
  await nothingRan();

  await builder.select('<b>bold</b>');
  await expect(page.getByTestId('inspector')).toContainText('<b>bold</b>');
  await page.getByRole('tab', { name: 'Environment' }).click();
  const fields = page.getByTestId('inspector').locator('input, textarea').filter({ visible: true });
  const values = () => fields.evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
  await expect.poll(values).toEqual(expect.arrayContaining([value, '<i>key</i>']));
  await page.getByTestId('drawer-problems').click();
  await nothingRan();
  await page.getByTestId('show-list').click();
  await expect(page.getByTestId('list-item-<b>bold</b>')).toContainText('<b>bold</b>');
  await nothingRan();
  await page.getByTestId('drawer-compose').click();

  expect(await builder.download()).toBe(compose);
});
