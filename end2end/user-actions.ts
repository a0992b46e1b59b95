// Counts what a person does on a page: clicks, entries, choices, copies. Journeys that show how short a way is use these, with
// visible names only.
import { type Locator, type Page, expect } from '@playwright/test';

export class UserActions {
  private readonly done: string[] = [];

  async click(what: Locator, options?: { timeout?: number }) {
    await what.click(options);
    this.note(`click ${what}`);
  }

  async enter(what: Locator, text: string) {
    await what.fill(text);
    this.note(`enter “${text}”`);
  }

  async choose(what: Locator, label: string) {
    await what.selectOption({ label });
    this.note(`choose “${label}”`);
  }

  async press(where: Locator, key: string) {
    await where.press(key);
    this.note(`press ${key}`);
  }

  /** Types where the focus is, in place of what is selected. */
  async type(page: Page, text: string) {
    await page.keyboard.type(text);
    this.note(`type “${text}”`);
  }

  /** Drags one thing to the middle of another with the mouse. */
  async drag(what: Locator, to: Locator) {
    await what.dragTo(to);
    this.note(`drag ${what} to ${to}`);
  }

  /** Reads a line as one that is copied; pasting it elsewhere is another action. */
  async copy(what: Locator): Promise<string> {
    const text = (await what.textContent())?.trim() ?? '';
    expect(text).not.toBe('');
    this.note('copy a command');
    return text;
  }

  note(what: string) {
    this.done.push(what);
  }

  /** Prints the actions, and fails if there are more than `most`. */
  expectAtMost(most: number, task: string) {
    console.log(`${task}: ${this.done.length} user actions (at most ${most})`);
    expect(this.done.length, this.done.join('\n')).toBeLessThanOrEqual(most);
  }
}
