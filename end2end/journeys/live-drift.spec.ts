// Drift: a container is changed by hand, the page reports it, and the change is reverted or adopted into the project.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { engine, serving, test, up } from '../deployment';
import { expect } from '../fixtures';

test.skip(!process.env.STACKER_TEST_ENGINE, 'no container engine of the tests: run it under scripts/with-test-podman.sh');
test.use({ serverOf: 'containers' });
test.setTimeout(300_000);

const composed = (tag: number) => `services:
  web:${serving('as deployed', tag)}
    ports:
      - "18085:8080"
`;

test('what was changed by hand is restored, or adopted into the project', async ({ page, api, deploy }, testInfo) => {
  const deployment = await deploy('Drifting', composed(1));
  await deployment.open();
  await expect(deployment.service('web')).toContainText('healthy', up);
  await expect(deployment.drift).toHaveCount(0);

  await test.step('a container that was removed comes back', async () => {
    engine('rm', '--force', ...deployment.containers('web'));
    await expect(deployment.drift).toContainText('The stack was changed on the host', up);
    await expect(deployment.drift).toContainText('web removed by hand');
    await expect(deployment.service('web')).toContainText('no container');
    await expect(page.getByTestId('drift-adopt'), 'a file cannot say this').toHaveCount(0);

    await page.getByTestId('drift-restore').click();
    await expect(page.getByTestId('plan-web')).toContainText('create', up);
    await deployment.apply();
    await deployment.runsTheNewestOf(2);
    await expect(deployment.drift).toHaveCount(0, up);
    await expect(deployment.service('web')).toContainText('healthy', up);
    expect(deployment.inspect('web', '{{.State.Running}}')).toBe('true');
    expect(await (await fetch('http://127.0.0.1:18085/')).text()).toBe('as deployed');
  });

  await test.step('another image that runs is written into the project', async () => {
    const file = testInfo.outputPath('by-hand.yml');
    await writeFile(file, composed(2));
    execFileSync('docker-compose', ['--project-name', deployment.stack, '--file', file, 'up', '--detach'], { stdio: 'pipe' });
    await expect(deployment.drift).toContainText('web changed by hand', up);
    await expect(deployment.drift).toContainText('stacker.test/app:2');

    await page.getByTestId('drift-adopt').click();
    await deployment.runsTheNewestOf(3);
    await expect(deployment.drift).toHaveCount(0, up);
    await expect(deployment.service('web')).toContainText('stacker.test/app:2');
    await expect(deployment.service('web')).toContainText('healthy', up);
    expect(await api.compose(deployment.project)).toBe(composed(2));
    expect(deployment.inspect('web', '{{.Config.Image}}')).toBe('stacker.test/app:2');
  });
});
