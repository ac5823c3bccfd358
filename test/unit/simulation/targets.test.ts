import { describe, expect, it } from 'vitest';
import { formatTarget, parseTarget } from '../../../src/simulation/targets';
import { address, pair } from './sample-topology';

describe('what a user types to ping', () => {
  const topology = pair();

  it.each([
    ['10.0.0.2', { kind: 'address', address: address('10.0.0.2') }],
    ['b', { kind: 'device', device: 'b' }],
    ['b:eth0', { kind: 'device', device: 'b', interface: 'eth0' }],
    ['b:eth9', { kind: 'name', name: 'b:eth9' }],
    ['web.example.', { kind: 'name', name: 'web.example' }],
    ['10.0.0', { kind: 'name', name: '10.0.0' }],
  ])('reads %s', (text, target) => {
    expect(parseTarget(topology, text)).toEqual(target);
  });

  it.each(['10.0.0.2', 'b', 'b:eth0', 'web.example'])('writes %s as it was read', text => {
    expect(formatTarget(parseTarget(topology, text))).toBe(text);
  });
});
