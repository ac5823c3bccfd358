/** Every step of a scenario, with its defaults. */
import { describe, expect, it } from 'vitest';
import { networkOf } from './reading';

const FILE = `vnet: 1
networks: {n: {subnet: 10.0.0.0/24}}
nodes:
  outside: {kind: internet, servers: {web.example: {services: {http: 80}}}}
  h:
    kind: host
    interfaces: {eth0: {network: n, address: 10.0.0.1/24}}
    firewall: ['drop input proto tcp port 23 name no-telnet']
  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['ssh,tcp,,2222,,22']}}, services: {ssh: 22}}
  s: {kind: switch}
  p: {kind: host}
links: [[p:eth0, s:1]]
scenarios:
  s:
`;

/** The one step of a scenario, without its place. */
function stepOf(text: string): unknown {
  const [scenario] = networkOf(`${FILE}    - ${text}\n`).scenarios;
  const { source, ...step } = scenario!.steps[0]!;
  expect(source).toEqual(['scenarios', 's', 0, /^\w+/.exec(text)?.[0]]);
  return step;
}

const address = 0xcb00710a;

describe('steps', () => {
  it.each<[string, unknown]>([
    [
      'ping: {from: internet, to: "[fd00::1]", count: 3}',
      {
        kind: 'ping',
        from: 'outside',
        to: { kind: 'address', address: (0xfd00n << 112n) + 1n },
        expect: 'reply',
        count: 3,
        within: 10e9,
      },
    ],
    [
      'dns: {from: v, name: web.example, expect: "2001:db8::1"}',
      {
        kind: 'dns',
        from: 'v',
        name: 'web.example',
        expect: { kind: 'answer', address: (0x20010db8n << 96n) + 1n },
        within: 10e9,
      },
    ],
    [
      "traceroute: {from: v, to: web.example, expect: [10.0.2.2, '*', web.example]}",
      {
        kind: 'traceroute',
        from: 'v',
        to: { kind: 'name', name: 'web.example' },
        expect: [{ kind: 'address', address: 0x0a000202 }, undefined, { kind: 'name', name: 'web.example' }],
      },
    ],
    [
      'tcp: {from: internet, to: "h:2222", expect: refused}',
      {
        kind: 'tcp',
        from: 'outside',
        to: { kind: 'device', device: 'h' },
        port: 2222,
        expect: 'refused',
        within: 10e9,
      },
    ],
    [
      'tcp: {from: h, to: "v:1", port: 22, within: 2s}',
      {
        kind: 'tcp',
        from: 'h',
        to: { kind: 'device', device: 'v', interface: 'enp0s3' },
        port: 22,
        expect: 'connected',
        within: 2e9,
      },
    ],
    [
      'tcp: {from: h, to: "v:1:22"}',
      {
        kind: 'tcp',
        from: 'h',
        to: { kind: 'device', device: 'v', interface: 'enp0s3' },
        port: 22,
        expect: 'connected',
        within: 10e9,
      },
    ],
    [
      'udp: {from: h, to: "203.0.113.10:7"}',
      { kind: 'udp', from: 'h', to: { kind: 'address', address }, port: 7, expect: 'reply', within: 10e9 },
    ],
    [
      'udp: {from: h, to: "[fd00::1]:53", expect: unreachable}',
      {
        kind: 'udp',
        from: 'h',
        to: { kind: 'address', address: (0xfd00n << 112n) + 1n },
        port: 53,
        expect: 'unreachable',
        within: 10e9,
      },
    ],
    [
      'http: {from: v, to: "http://web.example/index.html?a=1", expect: {status: 200, body: works}}',
      {
        kind: 'http',
        from: 'v',
        to: { kind: 'name', name: 'web.example' },
        host: 'web.example',
        port: 80,
        path: '/index.html?a=1',
        expect: { kind: 'response', status: 200, body: 'works' },
        within: 10e9,
      },
    ],
    [
      'http: {from: v, to: "h:8080", expect: refused}',
      {
        kind: 'http',
        from: 'v',
        to: { kind: 'device', device: 'h' },
        host: 'h',
        port: 8080,
        path: '/',
        expect: { kind: 'refused' },
        within: 10e9,
      },
    ],
    ['dhcp: {node: v}', { kind: 'dhcp', node: 'v', action: 'lease', within: 10e9 }],
    [
      'dhcp: {node: v, action: renew, expect: 10.0.2.15, within: 3s}',
      { kind: 'dhcp', node: 'v', action: 'renew', expect: 0x0a00020f, within: 3e9 },
    ],
    [
      'dhcp: {node: p, expect: none}',
      { kind: 'dhcp', node: 'p', action: 'lease', expect: 'none', within: 10e9 },
    ],
    ['wait: 1.5s', { kind: 'wait', time: 1.5e9 }],
    [
      'set: {link: ["s:1", "p:eth0"], up: false}',
      { kind: 'set', what: { kind: 'cable', cable: 'p:eth0 -- s:1', up: false } },
    ],
    [
      'set: {link: "v:1", rate: 1Mbit, delay: 20ms, loss: 10%}',
      {
        kind: 'set',
        what: { kind: 'cable', cable: 'v:enp0s3 -- v:1/nat:guest', rate: 1e6, delay: 20e6, loss: 0.1 },
      },
    ],
    [
      'set: {interface: "v:1", up: false}',
      { kind: 'set', what: { kind: 'interface', device: 'v', interface: 'enp0s3', up: false } },
    ],
    [
      'set: {rule: no-telnet, enabled: false}',
      { kind: 'set', what: { kind: 'rule', device: 'h', rule: 'no-telnet', enabled: false } },
    ],
    [
      'set: {rule: ssh, enabled: false}',
      { kind: 'set', what: { kind: 'rule', device: 'v:1/nat', rule: 'ssh', enabled: false } },
    ],
    [
      'expect: {node: v, lease: 10.0.2.15}',
      { kind: 'expect', node: 'v', what: { kind: 'lease', address: 0x0a00020f } },
    ],
    [
      'expect: {node: v, lease: none}',
      { kind: 'expect', node: 'v', what: { kind: 'lease', address: 'none' } },
    ],
    [
      'expect: {node: h, arp: 10.0.0.2}',
      { kind: 'expect', node: 'h', what: { kind: 'neighbour', address: 0x0a000002 } },
    ],
    [
      'expect: {node: v, route: default via 10.0.2.2}',
      { kind: 'expect', node: 'v', what: { kind: 'route', text: 'default via 10.0.2.2' } },
    ],
    [
      "expect: {node: s, mac: '02:00:00:00:00:01@1'}",
      { kind: 'expect', node: 's', what: { kind: 'mac', text: '02:00:00:00:00:01@1' } },
    ],
    [
      'capture: {at: "v:1"}',
      { kind: 'capture', device: 'v', port: 'enp0s3', count: { comparison: 'at-least', value: 1 } },
    ],
    [
      'capture: {at: "n:1", filter: arp, count: 2}',
      { kind: 'capture', device: 'n', port: '1', filter: 'arp', count: { comparison: 'exactly', value: 2 } },
    ],
    [
      'capture: {at: "v:1/nat:guest", count: "<=2"}',
      { kind: 'capture', device: 'v:1/nat', port: 'guest', count: { comparison: 'at-most', value: 2 } },
    ],
  ])('%s', (text, expected) => {
    expect(stepOf(text)).toEqual(expected);
  });
});
