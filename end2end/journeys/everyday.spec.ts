// Everyday work in the builder: a command from a manual, limits and rare keys, typing in the text, and a large stack.
import type { Page } from '@playwright/test';
import { Builder } from '../builder';
import { expect, open, test } from '../fixtures';

test('a docker run command becomes a service, which gets limits and rare keys; a broken text asks before it is downloaded', async ({ page, api }) => {
  const builder = await Builder.open(page, await api.import('From a manual', 'services: {}\n'));
  await paste(page, 'docker run -d --name gitea \\\n  -p 3000:3000 \\\n  -v gitea:/data --frobnicate \\\n  gitea/gitea:1.22\n');
  const dialog = page.getByRole('dialog', { name: 'Add a docker run command' });
  await expect(dialog.getByTestId('run-summary')).toContainText('gitea');
  await expect(dialog).toContainText('--frobnicate is not known here and was left out');
  await expect(dialog.getByTestId('run-add')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(builder.node('gitea')).toBeVisible();

  await builder.search('docker run -p 81:80 nginx:1.27');
  await page.getByTestId('catalogue-search').press('Enter');
  await expect(dialog.getByTestId('run-add')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('inspector-name')).toHaveValue('nginx');

  await page.getByRole('tab', { name: 'Resources' }).click();
  await page.getByTestId('limit-memory').fill('512m');
  await page.getByTestId('limit-memory').press('Enter');
  await page.getByRole('tab', { name: 'Labels' }).click();
  await page.getByTestId('label-new-key').fill('team=web');
  await page.getByTestId('label-new-key').press('Enter');
  await page.getByRole('tab', { name: 'Advanced' }).click();
  await page.getByTestId('raw-key-new').fill('shm_size');
  await page.getByTestId('raw-key-new-value').fill('1g');
  await page.getByTestId('raw-key-new-value').press('Enter');
  await page.getByTestId('raw-key-image-value').fill('nginx:1.28');
  await page.getByTestId('raw-key-image-value').press('Enter');
  const service = '  nginx:\n    image: nginx:1.28\n    ports:\n      - 81:80\n    mem_limit: 512m\n    labels:\n      team: web\n    shm_size: 1g\n';
  await expect.poll(async () => (await builder.compose()).replaceAll('"', '')).toContain(service);
  await builder.saved();

  await builder.text.fill('services:\n  web:');
  await builder.text.press('Enter');
  await builder.text.pressSequentially('image: nginx:1.27\nrestart: always');
  const valid = 'services:\n  web:\n    image: nginx:1.27\n    restart: always';
  await expect(builder.text).toHaveValue(valid);
  await builder.text.pressSequentially('\nlabels: "');
  await expect(page.getByTestId('compose-broken')).toBeVisible();
  await page.getByTestId('download').click();
  await expect(page.getByTestId('download-valid')).toBeFocused();
  const starts = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  await starts;
  await builder.undo.click();
  await builder.saved();
});

const large = `services:
${Array.from(
  { length: 60 },
  (_, number) => `  service-${number}:
    image: nginx:1.27
    networks: [${number % 3 === 0 ? 'front' : 'back'}]
${number > 7 ? `    depends_on: [service-${number % 8}]\n` : ''}`,
).join('')}networks:
  front:
  back:
`;

test('sixty services fit on the canvas, networks enclose their members only, and nothing moves while the code loads', async ({ page, api }) => {
  await page.addInitScript(() => {
    const total = { shift: 0 };
    Object.assign(window, { total });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) total.shift += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const project = await api.import('Sixty services', large);
  await open(page, '/');
  expect(await shift(page)).toBeLessThan(0.0001);
  const builder = await Builder.open(page, project);
  expect(await shift(page)).toBeLessThan(0.0001);

  await page.getByTestId('zoom-fit').click();
  const outside = () =>
    page.evaluate(() => {
      const canvas = document.querySelector('[data-testid=canvas]')!.getBoundingClientRect();
      const nodes = [...document.querySelectorAll('.node')].map((node) => node.getBoundingClientRect());
      return nodes.filter(({ left, top, right, bottom }) => left < canvas.left || top < canvas.top || right > canvas.right || bottom > canvas.bottom).length;
    });
  await expect.poll(outside).toBe(0);
  await expect(page.getByTestId('minimap')).toBeVisible();
  const strangers = await page.evaluate(() => {
    const rects = (selector: string) => [...document.querySelectorAll(selector)].map((element) => element.getBoundingClientRect());
    const touch = (a: DOMRect, b: DOMRect) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const back = Array.from({ length: 60 }, (_, number) => number).filter((number) => number % 3 !== 0);
    const nodes = back.flatMap((number) => rects(`[data-testid=node-service-${number}]`));
    return rects('[data-testid=network-front]').filter((area) => nodes.some((node) => touch(area, node))).length;
  });
  expect(strangers, 'areas of the network front that contain services of the network back').toBe(0);

  // The map goes where it is clicked, and the focus brings a node back into view.
  await page.getByTestId('zoom-in').click({ clickCount: 6 });
  await page.getByTestId('minimap').click({ position: { x: 170, y: 110 } });
  await builder.node('service-0').focus();
  await expect(builder.node('service-0')).toBeInViewport();
});

/** Pastes beside the fields. */
async function paste(page: Page, text: string) {
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** How much has moved on the page by itself, after the next two frames. */
async function shift(page: Page) {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    await frame();
    await frame();
    return (window as unknown as { total: { shift: number } }).total.shift;
  });
}
