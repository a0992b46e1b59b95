// Page object of the Stack Builder. Journeys state what a person does; this file knows where to click.
import { readFile } from 'node:fs/promises';
import { type Locator, type Page, expect } from '@playwright/test';
import { hydrated, open } from './fixtures';

export class Builder {
  /** The text editor of the compose file. */
  readonly text: Locator;
  readonly saveState: Locator;
  readonly canvas: Locator;

  constructor(readonly page: Page) {
    this.text = page.getByTestId('compose-text');
    this.saveState = page.getByTestId('save-state');
    this.canvas = page.getByTestId('canvas');
  }

  static async open(page: Page, project: number) {
    await open(page, `/projects/${project}`);
    return new Builder(page);
  }

  /** Creates an empty project from the project list, which must be open. */
  static async create(page: Page, name: string) {
    await page.getByRole('button', { name: 'New project' }).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Create project' }).click();
    await page.waitForURL(/\/projects\/\d+$/);
    await hydrated(page);
    return new Builder(page);
  }

  get project() {
    return Number(/\/projects\/(\d+)/.exec(this.page.url())?.[1]);
  }

  get undo() {
    return this.page.getByTestId('undo');
  }

  get redo() {
    return this.page.getByTestId('redo');
  }

  node(service: string) {
    return this.page.getByTestId(`node-${service}`);
  }

  wire(from: string, to: string) {
    return this.page.getByTestId(`wire-${from}-${to}`);
  }

  app(code: string) {
    return this.page.getByTestId(`catalogue-item-${code}`);
  }

  compose() {
    return this.text.inputValue();
  }

  async search(words: string) {
    await this.page.getByTestId('catalogue-search').fill(words);
  }

  /** Drags an app of the catalogue to a place on the canvas, in pixels from its upper left corner. */
  async dragToCanvas(code: string, x: number, y: number) {
    const canvas = await box(this.canvas);
    await this.app(code).scrollIntoViewIfNeeded();
    await drag(this.page, centre(await box(this.app(code))), { x: canvas.x + x, y: canvas.y + y });
    await expect(this.node(code)).toBeVisible();
  }

  /** Draws a wire from the handle of one service to the middle of another. */
  async drawWire(from: string, to: string) {
    await this.node(from).hover();
    await drag(this.page, centre(await box(this.page.getByTestId(`handle-${from}`))), centre(await box(this.node(to))));
  }

  /** Opens a service in the inspector by keyboard, which works at every position and zoom of the node. */
  async select(service: string) {
    await this.node(service).focus();
    await this.page.keyboard.press('Enter');
    await expect(this.page.getByTestId('inspector-name')).toHaveValue(service);
  }

  async moveNode(service: string, byX: number, byY: number) {
    const { x, y } = await box(this.node(service));
    // Grabs the node by its head: the middle of a small node may be covered by a badge.
    await drag(this.page, { x: x + 90, y: y + 20 }, { x: x + 90 + byX, y: y + 20 + byY });
  }

  /** Position of a node on the canvas, independent of zoom and scrolling. */
  async position(service: string) {
    const style = (name: 'left' | 'top') => this.node(service).evaluate((node, name) => Number.parseFloat(node.style[name]), name);
    return { x: await style('left'), y: await style('top') };
  }

  async saved() {
    await expect(this.saveState).toHaveText('Saved');
  }

  async download() {
    const starts = this.page.waitForEvent('download');
    // In narrow windows the action is in a menu.
    const more = this.page.getByTestId('toolbar-more');
    if (await more.isVisible()) await more.click();
    await this.page.getByTestId('download').click();
    const download = await starts;
    expect(download.suggestedFilename()).toBe('docker-compose.yml');
    return readFile(await download.path(), 'utf8');
  }

  /** The values of the variables, as the browser stores them beside the compose file. */
  async downloadEnv() {
    const starts = this.page.waitForEvent('download');
    await this.page.getByTestId('download-env').click();
    return readFile(await (await starts).path(), 'utf8');
  }

  /** The codes of all findings that the builder shows. */
  async findings() {
    await this.page.getByTestId('drawer-problems').click();
    const shown = this.page.locator('.drawer .problem');
    const codes = await shown.evaluateAll((all) => all.map((one) => one.getAttribute('data-testid')?.slice('finding-'.length)));
    await this.page.getByTestId('drawer-compose').click();
    return codes;
  }

  /** The findings of one severity that the builder shows. */
  async problems(severity: 'Error' | 'Warning' | 'Hint') {
    await this.page.getByTestId('drawer-problems').click();
    const found = this.page.locator('[data-testid^="finding-"]').filter({ has: this.page.getByTitle(severity, { exact: true }) });
    const texts = await found.allTextContents();
    await this.page.getByTestId('drawer-compose').click();
    return texts;
  }
}

interface Point {
  x: number;
  y: number;
}

export async function box(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${locator} is not on the page`);
  return box;
}

export function centre({ x, y, width, height }: Point & { width: number; height: number }): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

async function drag(page: Page, from: Point, to: Point) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}
