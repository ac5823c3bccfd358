import { expect, it } from 'vitest';
import { createNetwork } from '../../../../../src/engine/network';
import { formatIpv4 } from '../../../../../src/net/ipv4-address';
import { DHCP_OPTION, readAddress } from '../../../../../src/wire/dhcp-option';
import { sourceOf } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip, machine, net, switchOf, topology } from '../../topologies';
import { dhcpOf, typeOf } from './dhcp-frames';

function serverOf(name: string, own: string, first: string, authoritative: boolean) {
  return machine(
    name,
    { eth0: { address: `${own}/24` } },
    {
      dhcpServers: [
        {
          interface: 'eth0',
          subnet: net('10.0.0.0/24'),
          first: ip(first),
          last: ip(first),
          leaseSeconds: 600,
          nameServers: [],
          authoritative,
          source: [],
        },
      ],
    },
  );
}

/** Two servers and a client on one switch; the near server answers first. */
function segment(authoritative: boolean) {
  const recorder = new Recorder();
  const plan = topology(
    [
      serverOf('near', '10.0.0.1', '10.0.0.100', false),
      serverOf('far', '10.0.0.2', '10.0.0.200', authoritative),
      machine('client', { eth0: { address: 'dhcp' } }),
      switchOf('sw', 3),
    ],
    [
      ...cables(['near:eth0 -- sw:1', 'client:eth0 -- sw:3']),
      ...cables(['far:eth0 -- sw:2'], { delay: 1_000_000 }),
    ],
  );
  const network = createNetwork(plan, { seed: 1, observer: recorder });
  network.boot();
  const run = (seconds: number) => {
    network.runUntil(network.now + seconds * SECOND);
  };
  return { network, recorder, run };
}

it('the client takes the first offer; the other server reads that in its request and takes its own offer back', () => {
  const { network, recorder, run } = segment(false);
  run(5);
  expect(network.stackOf('client')!.leases.map(({ address }) => formatIpv4(address))).toEqual(['10.0.0.100']);
  const port = network.ports.findIndex(({ device }) => device === 'client');
  const said = recorder.sent.filter(each => each.port === port && each.bytes.length > 300);
  expect(said.map(({ bytes }) => typeOf(bytes))).toEqual(['discover', 'request']);
  // To everyone, so that the other server hears it too (RFC 2131 3.1).
  expect(readAddress(dhcpOf(said[1]!.bytes), DHCP_OPTION.serverIdentifier)).toBe(ip('10.0.0.1'));
  const far = network.stackOf('far')!;
  expect([...far.dhcpServer.leasesOn(far.interfaces[0]!)!.all()]).toEqual([]);
  expect(recorder.drops.map(({ reason }) => reason)).toContain('dhcp-other-server');
  const offers = recorder.sent.filter(({ bytes }) => bytes.length > 300 && typeOf(bytes) === 'offer');
  expect(new Set(offers.map(({ bytes }) => sourceOf(bytes)))).toEqual(new Set(['10.0.0.1', '10.0.0.2']));
});

it('a server that takes itself for the only one refuses what the other gave', () => {
  const { recorder, run } = segment(true);
  run(5);
  const refusals = recorder.sent.filter(({ bytes }) => bytes.length > 300 && typeOf(bytes) === 'nak');
  expect(new Set(refusals.map(({ bytes }) => sourceOf(bytes)))).toEqual(new Set(['10.0.0.2']));
});
