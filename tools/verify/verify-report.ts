import type { CheckResult } from '@app/checks';

const MARKS = { passed: '✓', failed: '✗', skipped: '–' };
const TITLE_WIDTH = 50;

/** The line of one check, written as soon as it has run. */
export function tableLine({ state, title, evidence, ms }: CheckResult): string {
  return `${MARKS[state]} ${title.padEnd(TITLE_WIDTH)} ${`${(ms / 1_000).toFixed(1)} s`.padStart(7)}  ${evidence}`;
}

export function tableEnd(results: readonly CheckResult[]): string {
  const count = (state: CheckResult['state']) => results.filter((result) => result.state === state).length;
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  return `${count('passed')} passed, ${count('failed')} failed${skipped}`;
}

export function jsonReport(results: readonly CheckResult[]): string {
  const passed = results.every(({ state }) => state !== 'failed');
  return JSON.stringify({ passed, checks: results }, null, 2);
}

export function junitReport(results: readonly CheckResult[]): string {
  const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  const failures = results.filter(({ state }) => state === 'failed').length;
  const skipped = results.filter(({ state }) => state === 'skipped').length;
  const counts = `tests="${results.length}" failures="${failures}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="verify" ${counts}>`,
    ...results.map(testCase),
    '</testsuite>',
  ].join('\n');
}

function testCase({ id, title, state, evidence, ms }: CheckResult): string {
  const attributes = `classname="verify.${id}" name="${escaped(title)}" time="${(ms / 1_000).toFixed(3)}"`;
  const outcome = {
    passed: `<system-out>${escaped(evidence)}</system-out>`,
    failed: `<failure message="${escaped(evidence)}"/>`,
    skipped: `<skipped message="${escaped(evidence)}"/>`,
  };
  return `  <testcase ${attributes}>${outcome[state]}</testcase>`;
}

// XML does not allow control characters, not even escaped.
function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/\p{Cc}/gu, ' ').replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
