import { expect, it } from 'vitest';
import { writeEthernetHeader } from '../../../../src/wire/ethernet';
import { arpFrame } from '../packets';
import { Running } from '../running';
import { cables, internet, ip, machine, topology } from '../topologies';

it('an answer that a forged neighbour keeps inside the internet is a drop like any other', () => {
  const running = new Running(
    topology(
      [
        internet(2),
        machine('host', { eth0: { address: '198.51.100.10/24', gateway: '198.51.100.1' } }),
        machine('attacker', { eth0: {} }),
      ],
      cables(['host:eth0 -- internet:1', 'attacker:eth0 -- internet:2']),
    ),
  );
  expect(running.results('host', '203.0.113.10')).toEqual(['reply']);
  const { network, recorder } = running;
  const routerMac = network.stackOf('internet')!.interfaces[0]!.mac;
  // The provider's router now believes that the host has the router's own hardware address.
  const forged = arpFrame(
    2,
    { mac: routerMac, ip: ip('198.51.100.10') },
    { mac: routerMac, ip: ip('198.51.100.1') },
  );
  const attacker = network.stackOf('attacker')!.interfaces[0]!;
  writeEthernetHeader(forged, routerMac, attacker.mac, 0x0806);
  attacker.send(forged);
  const before = recorder.records.length;
  expect(running.results('host', '203.0.113.10')).toEqual(['timeout']);
  const request = recorder.records.findIndex(
    ({ port, bytes }, index) => index >= before && network.ports[port]!.device === 'host' && bytes[34] === 8,
  );
  const answer = recorder.records.filter(({ cause }) => cause === request);
  expect(answer.map(({ reason, bytes }) => [reason, bytes[34]])).toEqual([['same-port', 0]]);
});
