/** Results as a JUnit report, the form that build servers read: a suite for each file, a case for each step. */
import type { ScenarioResult } from './test';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

export function junitReport(results: readonly ScenarioResult[]): string {
  const files = [...new Set(results.map(({ file }) => file))];
  const suites = files.map(file =>
    suite(
      file,
      results.filter(result => result.file === file),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suite(file: string, results: readonly ScenarioResult[]): string {
  const steps = results.flatMap(result => result.steps);
  const failures = steps.filter(({ passed }) => !passed).length;
  const seconds = results.reduce((sum, { time }) => sum + time, 0) / 1e9;
  const attributes = `name="${escaped(file)}" tests="${steps.length}" failures="${failures}" time="${seconds}"`;
  return `  <testsuite ${attributes}>\n${results.map(cases).join('')}  </testsuite>\n`;
}

function cases({ name, steps }: ScenarioResult): string {
  return steps
    .map(({ words, passed, text }, index) => {
      const open = `    <testcase classname="${escaped(name)}" name="${escaped(`${index + 1} ${words}`)}"`;
      return passed
        ? `${open}/>\n`
        : `${open}>\n      <failure message="${escaped(text)}"/>\n    </testcase>\n`;
    })
    .join('');
}

function escaped(text: string): string {
  return [...text]
    .filter(mayStand)
    .map(character => ENTITIES[character] ?? character)
    .join('');
}

/** XML 1.0 section 2.2: most control characters may not stand in a document at all. */
function mayStand(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 32 && code < 0xd800) ||
    (code > 0xdfff && (code & 0xfffe) !== 0xfffe)
  );
}
