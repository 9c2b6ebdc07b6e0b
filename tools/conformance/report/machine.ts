import { READERS, type Verdict } from '@app/conformance';

/** The verdicts as an array in JSON. */
export function json(verdicts: readonly Verdict[]): string {
  const plain = verdicts.map(({ id, reader, title, source, examples, ...rest }) => ({
    ...{ id, backend: reader, rule: title, source: source.address, as_of: source.asOf },
    ...rest,
    ...{ example: examples[0], examples },
  }));
  return JSON.stringify(plain, undefined, 2);
}

/** JUnit's XML: a suite for each reader, a case for each rule. */
export function junit(verdicts: readonly Verdict[]): string {
  const suites = [...new Set(verdicts.map(({ reader }) => reader))].map((reader) => {
    const cases = verdicts.filter((verdict) => verdict.reader === reader);
    const failures = cases.filter(({ level, broken }) => level === 'required' && broken > 0).length;
    const skipped = cases.filter(({ checked }) => checked === 0).length;
    const head = `<testsuite name="${xml(READERS[reader])}" tests="${cases.length}" failures="${failures}" skipped="${skipped}">`;
    return `  ${head}\n${cases.map(testCase).join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="conformance">\n${suites.join('\n')}\n</testsuites>`;
}

function testCase({ id, reader, title, level, checked, broken, examples, without, source }: Verdict): string {
  const head = `    <testcase classname="${xml(reader)}" name="${xml(`${id}: ${title}`)}"`;
  if (checked === 0) return `${head}><skipped/></testcase>`;
  if (broken === 0) return `${head}/>`;
  const said = xml(
    [`${broken} of ${checked}`, ...examples, without, `${source.address} (${source.asOf})`].join('\n'),
  );
  if (level !== 'required') return `${head}><system-out>${level}: ${said}</system-out></testcase>`;
  return `${head}><failure message="${xml(examples[0] ?? title)}">${said}</failure></testcase>`;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
// XML 1.0 does not allow control characters, escaped or not.
const xml = (text: string) =>
  text.replace(/[^\t\n\r\x20-\uFFFD]/g, '?').replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const SARIF_LEVELS = { required: 'error', recommended: 'warning', 'opt-in': 'note' };

/** SARIF 2.1.0, for pages that show the findings of analysers. `artifact` is the origin of the telemetry. */
export function sarif(verdicts: readonly Verdict[], artifact: string): string {
  const rules = verdicts.map(({ id, title, without, source, level }) => ({
    id,
    shortDescription: { text: title },
    fullDescription: { text: without },
    helpUri: source.address,
    help: { text: `${source.address} (${source.asOf})` },
    defaultConfiguration: { level: SARIF_LEVELS[level] },
  }));
  const results = verdicts.flatMap(({ id, level, broken, checked, examples, without }, ruleIndex) =>
    broken === 0
      ? []
      : [
          {
            ...{ ruleId: id, ruleIndex, level: SARIF_LEVELS[level] },
            message: { text: `${broken} of ${checked}: ${examples.join('; ')}. ${without}` },
            locations: [{ physicalLocation: { artifactLocation: { uri: artifact } } }],
          },
        ],
  );
  const driver = { name: 'database-load-demo conformance', rules };
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [{ tool: { driver }, results }],
    },
    undefined,
    2,
  );
}
