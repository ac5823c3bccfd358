import { expect, it } from 'vitest';
import { vnetCommand } from './vnet-command';

const { file, vnet } = vnetCommand('traceroute-step');

// A host of Linux sends six errors at once and one more each second, so each traceroute waits for the last one to be forgotten.
it('traceroute steps compare the way with what the file says', async () => {
  const path = file(
    'way.vnet.yaml',
    `vnet: 1
name: A way
networks:
  home: { subnet: [10.0.0.0/24, '2001:db8:1::/64'], gateway: [10.0.0.1, '2001:db8:1::1'] }
nodes:
  internet:
    kind: internet
    servers: { web.example: { address: [203.0.113.10, '2001:db8:113::10'] } }
  router:
    kind: router
    interfaces:
      wan: { network: internet, address: [dhcp, '2001:db8:64::2/64'], gateway: '2001:db8:64::1' }
      lan: { network: home, address: [10.0.0.1/24, '2001:db8:1::1/64'] }
    nat: { outside: wan }
  pc: { kind: host, interfaces: { eth0: { network: home, address: [10.0.0.10/24, '2001:db8:1::10/64'] } } }
scenarios:
  ways:
    - traceroute: { from: pc, to: 203.0.113.10 }
    - wait: 10s
    - traceroute: { from: pc, to: 203.0.113.10, expect: [router, 203.0.113.10] }
    - wait: 10s
    - traceroute: { from: pc, to: 203.0.113.10, expect: ['router:lan', '*'] }
    - wait: 10s
    - traceroute: { from: pc, to: 203.0.113.10, expect: ['router:wan', 203.0.113.10] }
    - wait: 10s
    - traceroute: { from: pc, to: 203.0.113.10, expect: [203.0.113.10] }
    - traceroute: { from: pc, to: '2001:db8:113::10', expect: ['2001:db8:1::1', '2001:db8:113::10'] }
    - traceroute: { from: internet, to: 10.9.9.9 }
`,
  );
  const { status, out } = await vnet('test', path);
  const [, ...lines] = out.trimEnd().split('\n');
  const outcomes = lines.slice(0, -1).map(line => line.trim());
  expect(outcomes.filter(line => !line.includes('wait'))).toEqual([
    'passed  traceroute 203.0.113.10 from pc: 203.0.113.10 (203.0.113.10): 1 10.0.0.1, 2 203.0.113.10',
    'passed  traceroute 203.0.113.10 from pc: 203.0.113.10 (203.0.113.10): 1 10.0.0.1, 2 203.0.113.10',
    'passed  traceroute 203.0.113.10 from pc: 203.0.113.10 (203.0.113.10): 1 10.0.0.1, 2 203.0.113.10',
    'FAILED  traceroute 203.0.113.10 from pc: 203.0.113.10 (203.0.113.10): 1 10.0.0.1, 2 203.0.113.10 (expected router:wan, 203.0.113.10)',
    'FAILED  traceroute 203.0.113.10 from pc: 203.0.113.10 (203.0.113.10): 1 10.0.0.1, 2 203.0.113.10 (expected 203.0.113.10)',
    'passed  traceroute 2001:db8:113::10 from pc: 2001:db8:113::10 (2001:db8:113::10): 1 2001:db8:1::1, 2 2001:db8:113::10',
    'FAILED  traceroute 10.9.9.9 from internet: 10.9.9.9 (10.9.9.9): Network is unreachable (expected to arrive)',
  ]);
  expect(status).toBe(1);
});
