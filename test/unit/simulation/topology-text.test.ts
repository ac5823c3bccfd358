import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { topologyOf, topologyText } from '../../../src/simulation/topology-text';
import { readTopology } from '../../../src/topology/topology-file';

describe.each(['media/samples', 'media/templates'])('%s', folder => {
  const files = readdirSync(folder).filter(name => name.endsWith('.vnet.yaml'));

  it.each(files)('%s reaches the panel as it is', name => {
    const { topology } = readTopology(readFileSync(`${folder}/${name}`, 'utf8'));
    expect(topologyOf(topologyText(topology!))).toEqual(topology);
  });
});

it('writes IPv6 addresses, which JSON has no number for', () => {
  const { topology } = readTopology(readFileSync('media/samples/ipv6-home.vnet.yaml', 'utf8'));
  expect(topologyText(topology!)).toContain(`{"$bigint":"${(0x2001_0db8_0001n << 80n) | 1n}"}`);
});
