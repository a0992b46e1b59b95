// Compose files from public repositories: opened, one line changed, downloaded. Every other byte stays the same.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { Builder } from '../builder';
import { expect, hydrated, open, test } from '../fixtures';

const corpus = process.env.STACKER_CORPUS ?? join(dirname(fileURLToPath(import.meta.url)), '../../../shared/corpus/compose');

type Way = (page: Page, name: string, path: string) => Promise<Builder>;

/** From the project list: chooses the file in the dialog. */
const uploaded: Way = async (page, name, path) => newProject(page, name, () => page.getByLabel('File').setInputFiles(path));

/** From the project list: pastes the text into the dialog. */
const pasted: Way = async (page, name, path) =>
  newProject(page, name, () => page.getByLabel('Or paste it').fill(readFileSync(path, 'utf8')));

/** In an empty project: uses the builder's import dialog. */
const imported: Way = async (page, name, path) => {
  await open(page, '/');
  const builder = await Builder.create(page, name);
  await page.getByTestId('import-compose').click();
  await page.getByLabel('Or paste it here').fill(readFileSync(path, 'utf8'));
  await page.getByTestId('import-apply').click();
  return builder;
};

/** In an empty project: drops the file onto the canvas. */
const dropped: Way = async (page, name, path) => {
  await open(page, '/');
  const builder = await Builder.create(page, name);
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'compose.yml', { type: 'application/yaml' }));
    return data;
  }, readFileSync(path, 'utf8'));
  await builder.canvas.dispatchEvent('drop', { dataTransfer: data });
  return builder;
};

async function newProject(page: Page, name: string, give: () => Promise<void>) {
  await open(page, '/');
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByText('Start from a compose file').click();
  await give();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('button', { name: 'Create project' }).click();
  await page.waitForURL(/\/projects\/\d+$/);
  await hydrated(page);
  return new Builder(page);
}

const files: { file: string; service: string; image: string; way: Way }[] = [
  { file: 'dokploy--pinchflat.yml', service: 'pinchflat', image: 'ghcr.io/kieraneglin/pinchflat:latest', way: pasted },
  { file: 'awesome--wordpress-mysql.yml', service: 'wordpress', image: 'wordpress:latest', way: imported },
  { file: 'dokploy--plausible.yml', service: 'plausible', image: 'ghcr.io/plausible/community-edition:v2.1.5', way: dropped },
  { file: 'dokploy--triggerdotdev.yml', service: 'redis', image: 'redis:${REDIS_IMAGE_TAG:-7}', way: imported },
  { file: 'dokploy--frappe-hr.yml', service: 'redis-queue', image: 'redis:6.2-alpine', way: uploaded },
];

for (const { file, service, image, way } of files) {
  test(`${file}: a new tag for ${service} changes that line and nothing else`, async ({ page }) => {
    const path = join(corpus, file);
    test.skip(!existsSync(path), `no corpus in ${corpus}: name its folder in STACKER_CORPUS`);
    const original = readFileSync(path, 'utf8');

    const builder = await way(page, file, path);
    await expect(builder.node(service)).toBeAttached();
    expect(await builder.download(), 'as it was opened').toBe(original);

    await builder.select(service);
    await page.getByTestId('inspector-tag').fill('9.9.9');
    await builder.saved();

    const changed = await builder.download();
    const [before, after] = [original.split('\n'), changed.split('\n')];
    expect(after.length).toBe(before.length);
    const lines = before.flatMap((line, index) => (line === after[index] ? [] : [[line, after[index]]]));
    expect(lines).toHaveLength(1);
    const [[was, is]] = lines;
    expect(was).toContain(image);
    const repository = image.slice(0, image.indexOf(':'));
    expect(is).toBe(was.replace(image, `${repository}:9.9.9`));
  });
}
