// The builder with a finger, on a tablet: apps dragged to the canvas, a node moved, a wire drawn.
import type { Page } from '@playwright/test';
import { Builder, box, centre } from '../builder';
import { expect, open, picture, test } from '../fixtures';

test.use({ hasTouch: true, viewport: { width: 1180, height: 820 } });

/** Drags one finger from one point to another. */
async function swipe(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [from]);
  // Moves sideways first, because a vertical move scrolls the catalogue.
  for (let step = 1; step <= 8; step++) {
    await touch('touchMove', [{ x: from.x + ((to.x - from.x) * step) / 8, y: from.y + ((to.y - from.y) * step) / 8 }]);
  }
  await touch('touchEnd', []);
  await session.detach();
}

test('a finger drags apps to the canvas, moves a node and draws a wire', async ({ page, api }) => {
  await open(page, `/projects/${await api.import('Touch', 'services: {}\n')}`);
  const builder = new Builder(page);
  const canvas = await box(builder.canvas);
  for (const [code, x, y] of [['wordpress', 60, 60], ['mariadb', 330, 240]] as const) {
    await builder.search(code);
    await swipe(page, centre(await box(builder.app(code))), { x: canvas.x + x, y: canvas.y + y });
    await expect(builder.node(code)).toBeVisible();
  }

  const before = await builder.position('wordpress');
  const node = await box(builder.node('wordpress'));
  await swipe(page, { x: node.x + 90, y: node.y + 20 }, { x: node.x + 130, y: node.y + 120 });
  const after = await builder.position('wordpress');
  expect(after.y - before.y).toBeGreaterThan(60);

  await builder.node('wordpress').tap();
  await swipe(page, centre(await box(page.getByTestId('handle-wordpress'))), centre(await box(builder.node('mariadb'))));
  await expect(builder.wire('wordpress', 'mariadb')).toBeAttached();
  expect(await builder.compose()).toContain('condition: service_healthy');
  await picture(page, 'touch');
});
