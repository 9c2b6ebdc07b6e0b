import type { Comparison } from '@app/scenario';

/** A comparison as a suite of tests: a number that changed has failed, one about which nothing is promised was skipped. */
export function junit({ refused, rows }: Comparison): string {
  const cases = [
    ...refused.map(
      (reason) => `<testcase name="comparable"><failure message="${escaped(reason)}"/></testcase>`,
    ),
    ...rows.map(({ step, what, a, b, verdict, bound }) => {
      const name = escaped(`${step ? `step ${step}` : 'in all'}: ${what}`);
      if (verdict === 'not judged') return `<testcase name="${name}"><skipped/></testcase>`;
      if (verdict !== 'changed') return `<testcase name="${name}"/>`;
      return `<testcase name="${name}"><failure message="${escaped(`${a} and ${b}, allowed: ${bound}`)}"/></testcase>`;
    }),
  ];
  const failures = refused.length + rows.filter(({ verdict }) => verdict === 'changed').length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="compare" tests="${cases.length}" failures="${failures}">\n${cases.join('\n')}\n</testsuite>\n`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
