import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

// This file is compiled for Node.js, so what runs in the page's own window is text.

/** The widest elements that exceed the window, by tag and class; empty if there are none. */
export async function hasNoOverflow(page: Page): Promise<string> {
  return page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return resolve('');
    const wide = [...document.querySelectorAll('#page *')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => one.tagName + '.' + one.className);
    resolve(scrollWidth + ' of ' + clientWidth + ': ' + wide.slice(0, 4).join(', '));
  })))`);
}

/** Size of the smallest visible text in pixels. */
export async function smallestText(page: Page): Promise<number> {
  return page.evaluate(`Math.min(...[...document.querySelectorAll('#page *')]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .filter((one) => one.checkVisibility() && one.getClientRects().length > 0 && !one.closest('.unseen'))
    .map((one) => parseFloat(getComputedStyle(one).fontSize)))`);
}

/** Those of the given parts that are not completely in the window without scrolling. */
export async function unseenParts(page: Page, selectors: string[]): Promise<string[]> {
  return page.evaluate(`${JSON.stringify(selectors)}.filter((selector) => {
    const one = document.querySelector(selector);
    if (!one) return true;
    const { top, left, bottom, right, width, height } = one.getBoundingClientRect();
    const inside = top >= 0 && left >= 0 && bottom <= innerHeight + 1 && right <= innerWidth + 1;
    const card = one.closest('.card')?.getBoundingClientRect();
    return !(inside && width > 0 && height > 0 && (!card || bottom <= card.bottom + 1));
  })`);
}

/** What axe finds: each rule with the first elements that break it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return page.evaluate(`axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
    id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | ')))`);
}

/** Those of the given parts of which something is cut off or must be scrolled to. */
export async function scrolledParts(page: Page, selectors: string[]): Promise<string[]> {
  return page.evaluate(`${JSON.stringify(selectors)}.filter((selector) => {
    const one = document.querySelector(selector);
    return !one || one.scrollHeight > one.clientHeight + 1;
  })`);
}

const FOCUSABLE = 'a[href], button, input, select, summary, [tabindex]';

/** Presses Tab through the whole page. Returns the controls that it never reaches, and those that do not show the focus. */
export async function unreachable(page: Page): Promise<string[]> {
  const controls: number = await page.evaluate(`(() => {
    document.activeElement.blur();
    return [...document.querySelectorAll(${JSON.stringify(FOCUSABLE)})].filter((one) => one.tabIndex >= 0 && one.checkVisibility()).length;
  })()`);
  const unmarked: string[] = [];
  for (let press = 0; press < controls + 3; press++) {
    await page.keyboard.press('Tab');
    const hidden: string = await page.evaluate(`(() => {
      const one = document.activeElement;
      one.dataset.reached = '';
      const { outlineStyle, outlineWidth } = getComputedStyle(one);
      const seen = one === document.body || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0);
      return seen ? '' : one.outerHTML.slice(0, 120);
    })()`);
    if (hidden) unmarked.push(`no sign of the focus: ${hidden}`);
  }
  const missed: string[] = await page.evaluate(`[...document.querySelectorAll(${JSON.stringify(FOCUSABLE)})]
    .filter((one) => one.tabIndex >= 0 && one.checkVisibility() && one.dataset.reached === undefined)
    .map((one) => 'not reached: ' + one.outerHTML.slice(0, 120))`);
  return [...unmarked, ...missed];
}

/** How each state of a square is drawn, one text for each in the legend. */
export async function drawnStates(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('.legend .slot')].map((one) => {
    const { backgroundColor, backgroundImage, borderStyle, borderWidth } = getComputedStyle(one);
    return [backgroundColor, backgroundImage, borderStyle, borderWidth].join(' ');
  })`);
}

/** Elements with a transition or an animation that takes time. */
export async function moving(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('#page *')].filter((one) => {
    const { transitionDuration, animationDuration } = getComputedStyle(one);
    return [transitionDuration, animationDuration].some((times) => times.split(',').some((time) => parseFloat(time) > 0));
  }).map((one) => one.tagName + '.' + one.className)`);
}
