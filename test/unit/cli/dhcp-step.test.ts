import { expect, it } from 'vitest';
import { vnetCommand } from './vnet-command';

const { file, vnet } = vnetCommand('dhcp-step');

it('scenario steps take, renew and give back a lease', async () => {
  const path = file(
    'lease.vnet.yaml',
    `vnet: 1
name: A lease
networks: { lan: { subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: { range: 10.0.0.100-10.0.0.100 } } }
nodes:
  router: { kind: router, interfaces: { eth0: { network: lan, address: 10.0.0.1/24 } } }
  a: { kind: host, interfaces: { eth0: { network: lan, address: dhcp } } }
scenarios:
  lease:
    - dhcp: { node: a, action: lease, expect: 10.0.0.100 }
    - dhcp: { node: a, action: lease, expect: 10.0.0.7, within: 1s }
    - dhcp: { node: a, action: renew }
    - dhcp: { node: a, action: release }
    - expect: { node: a, lease: none }
    - ping: { from: router, to: 10.0.0.100, expect: no-reply, within: 1s }
    - dhcp: { node: a, action: renew, expect: 10.0.0.100 }
    - ping: { from: a, to: router, expect: reply }
    - dhcp: { node: a, action: lease, expect: none, within: 1s }
    - dhcp: { node: router, action: renew }
`,
  );
  const { status, out, error } = await vnet('test', path);
  expect(error).toBe('');
  const [, ...lines] = out.trimEnd().split('\n');
  expect(lines.map(line => line.trim().split(' ')[0])).toEqual(
    'passed FAILED passed passed passed passed passed passed FAILED FAILED 7'.split(' '),
  );
  expect(out).toMatch(
    /passed {2}dhcp lease at a: lease of 10\.0\.0\.100\/24 obtained from 10\.0\.0\.1, lease time \d+/,
  );
  expect(out).toContain('lease time 3600 (expected 10.0.0.7)');
  expect(out).toContain('passed  dhcp release at a: a has no lease');
  expect(out).toContain('router has no DHCP client');
  expect(status).toBe(1);
});
