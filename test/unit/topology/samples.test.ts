import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../../src/topology/diagnostic';
import { readTopology } from '../../../src/topology/topology-file';

const MEDIA = new URL('../../../media/', import.meta.url);

const files = ['samples', 'templates'].flatMap(folder =>
  readdirSync(new URL(`${folder}/`, MEDIA)).map(name => `${folder}/${name}`),
);

describe('samples and templates', () => {
  it.each(files)('%s resolves without a single diagnostic', name => {
    const file = readTopology(readFileSync(new URL(name, MEDIA), 'utf8'));
    expect(file.diagnostics.map(diagnostic => formatDiagnostic(name, diagnostic))).toEqual([]);
    expect(file.topology?.devices.length).toBeGreaterThan(1);
  });

  it.each(files)('%s begins with its title in a comment', name => {
    expect(readFileSync(new URL(name, MEDIA), 'utf8')).toMatch(/^# \S.{3,60}\n/);
  });

  it('offers four to six templates', () => {
    const templates = files.filter(name => name.startsWith('templates/'));
    expect(templates.length).toBeGreaterThanOrEqual(4);
    expect(templates.length).toBeLessThanOrEqual(6);
  });
});
