// The server restarts while pages are open: they say so, and reconnect by themselves.
import { Builder } from '../builder';
import { engine, serving, test, up } from '../deployment';
import { expect } from '../fixtures';

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
test.use({ serverOf: 'restarts', tolerated: [/ERR_CONNECTION_REFUSED/] });
test.setTimeout(300_000);

/** Pages try to reconnect again after 15 s at most. */
const again = { timeout: 40_000 };

const composed = (words: string) => `services:\n  web:${serving(words)}\n`;

test('open pages say that they reconnect, and are live again without a reload', async ({ page, context, api, server, deploy }) => {
  const deployment = await deploy('Lasting', composed('one'));
  await deployment.open();
  const builder = await Builder.open(await context.newPage(), deployment.project);
  await builder.page.getByTestId('mode-live').click();
  const onCanvas = builder.canvas.getByTestId('live-web');
  const strip = builder.page.getByTestId('live-strip');
  await expect(onCanvas).toContainText('healthy', up);
  await expect(deployment.service('web')).toContainText('healthy');
  const loaded: string[] = [];
  for (const open of [page, builder.page]) open.on('load', () => loaded.push(open.url()));

  await test.step('the server is away', async () => {
    expect(await server.end()).toBe(0);
    await expect(page.getByTestId('reconnecting')).toContainText('Reconnecting…', again);
    await expect(strip).toContainText('Reconnecting…', again);
    await builder.text.fill(composed('two'));
    await expect(builder.saveState).toContainText("Not saved: Can't reach the server");
    expect(deployment.inspect('web', '{{.State.Running}}'), 'the stack runs on').toBe('true');
  });

  await test.step('the server is back', async () => {
    await server.startAgain();
    await expect(page.getByTestId('reconnecting')).toHaveCount(0, again);
    await expect(strip).not.toContainText('Reconnecting…', again);
    await expect(builder.saveState).toHaveText('Saved', again);
    expect(await api.compose(deployment.project)).toBe(composed('two'));
  });

  await test.step('what happens on the host is seen, and what is edited is saved', async () => {
    engine('stop', ...deployment.containers('web'));
    await expect(deployment.service('web')).toContainText('stopped', up);
    await expect(onCanvas).toContainText('stopped', up);
    await builder.text.fill(composed('three'));
    await builder.saved();
    expect(await api.compose(deployment.project)).toBe(composed('three'));
    expect(loaded, 'pages that were loaded again').toEqual([]);
  });
});
