import { expect, it } from 'vitest';
import { createNetwork } from '../../../../../src/engine/network';
import { formatIpv4 } from '../../../../../src/net/ipv4-address';
import { macFromNumber } from '../../../../../src/net/mac-address';
import { destinationOf, frameProblems, sourceOf, toMac } from '../../packets';
import { Recorder } from '../../recorder';
import { Bench, SECOND } from '../../station';
import { cables, ip, machine, net, topology } from '../../topologies';
import { clientFrame, dhcpOf, optionsOf, typeOf } from './dhcp-frames';

/** A client behind a relay; the server has an address of neither of the client's network. */
function behindRelay() {
  const recorder = new Recorder();
  const network = createNetwork(
    topology(
      [
        machine(
          'server',
          { eth0: { address: '10.9.0.1/24', gateway: '10.9.0.2', mac: '02:00:00:00:00:01' } },
          {
            dhcpServers: [
              {
                interface: 'eth0',
                subnet: net('10.0.0.0/24'),
                first: ip('10.0.0.100'),
                last: ip('10.0.0.100'),
                leaseSeconds: 600,
                authoritative: true,
                router: ip('10.0.0.1'),
                nameServers: [],
                source: [],
              },
            ],
          },
        ),
        machine(
          'relay',
          {
            out: { address: '10.9.0.2/24', mac: '02:00:00:00:00:02' },
            lan: { address: '10.0.0.1/24', mac: '02:00:00:00:00:03' },
          },
          {
            kind: 'router',
            forwarding: true,
            dhcpRelays: [{ interface: 'lan', server: ip('10.9.0.1'), source: [] }],
          },
        ),
        machine('client', { eth0: { address: 'dhcp', mac: '02:00:00:00:00:0a' } }),
      ],
      cables(['server:eth0 -- relay:out', 'relay:lan -- client:eth0']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  network.runUntil(5 * SECOND);
  const messages = () => recorder.sent.map(({ bytes }) => bytes).filter(bytes => bytes.length > 300);
  return { network, recorder, messages };
}

it('a relay stamps requests with its address and a hop, and brings the answers home', () => {
  const { network, messages } = behindRelay();
  expect(network.stackOf('client')!.leases.map(({ address }) => formatIpv4(address))).toEqual(['10.0.0.100']);
  const frames = messages();
  expect(frames.map(typeOf)).toEqual([
    ...['discover', 'discover', 'offer', 'offer'],
    ...['request', 'request', 'ack', 'ack'],
  ]);
  const [asked, relayed, answer, home] = frames;
  const view = (bytes: Uint8Array) => [
    sourceOf(bytes),
    destinationOf(bytes),
    formatIpv4(dhcpOf(bytes).relayAddress),
    bytes[42 + 3],
  ];
  expect(view(asked!)).toEqual(['0.0.0.0', '255.255.255.255', '0.0.0.0', 0]);
  expect(view(relayed!)).toEqual(['10.9.0.2', '10.9.0.1', '10.0.0.1', 1]);
  expect(view(answer!)).toEqual(['10.9.0.1', '10.0.0.1', '10.0.0.1', 0]);
  expect(view(home!)).toEqual(['10.0.0.1', '10.0.0.100', '10.0.0.1', 0]);
  expect([...answer!.subarray(34, 38)]).toEqual([0, 67, 0, 67]);
  expect([...home!.subarray(34, 38)]).toEqual([0, 67, 0, 68]);
  expect(toMac(home!)).toBe('02:00:00:00:00:0a');
  expect(frames.flatMap(frameProblems)).toEqual([]);
});

it('the renewal goes to the server by the routes, and so does its answer', () => {
  const { network, messages } = behindRelay();
  const before = messages().length;
  network.runUntil(310 * SECOND);
  const later = messages().slice(before);
  expect(later.map(typeOf)).toEqual(['request', 'request', 'ack', 'ack']);
  expect(later.map(destinationOf)).toEqual(['10.9.0.1', '10.9.0.1', '10.0.0.100', '10.0.0.100']);
});

it('what passed four relays goes no further', () => {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.station().answersArp = true;
  bench.stack.dhcpServer.relayFrom(bench.on(), ip('10.0.0.2'));
  const send = (hops: number) => {
    const frame = clientFrame('discover', { mac: macFromNumber(0x0200000000aa), relayAddress: '10.7.0.1' });
    frame[42 + 3] = hops;
    // Without a UDP checksum, which has changed.
    frame.fill(0, 40, 42);
    bench.inject(frame);
    return bench
      .station()
      .take()
      .filter(bytes => bytes.length > 300);
  };
  const [passed] = send(3);
  expect([passed![42 + 3], formatIpv4(dhcpOf(passed!).relayAddress)]).toEqual([4, '10.7.0.1']);
  bench.takeReasons();
  expect(send(4)).toEqual([]);
  expect(bench.takeReasons()).toEqual(['dhcp-hops-exceeded']);
});

it('a server answers a relay at its address, gives back what it added, and asks it to tell everyone a refusal', () => {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.station().answersArp = true;
  const scope = {
    on: bench.on(),
    subnet: net('10.0.0.0/24'),
    first: ip('10.0.0.100'),
    last: ip('10.0.0.100'),
    leaseSeconds: 600,
    authoritative: true,
    router: undefined,
    nameServers: [],
    domain: undefined,
  };
  bench.stack.dhcpServer.serve(scope);
  const mac = macFromNumber(0x0200000000aa);
  const relay = { mac, relayAddress: '10.0.0.2', more: [{ code: 82, data: Uint8Array.of(1, 1, 7) }] };
  const ask = (type: 'discover' | 'request', requested: string) => {
    bench.inject(clientFrame(type, { ...relay, requested }));
    return bench
      .station()
      .take()
      .filter(bytes => bytes.length > 300);
  };
  const [offer] = ask('discover', '10.0.0.100');
  expect(optionsOf(offer!).at(-1)).toEqual([82, [1, 1, 7]]);
  expect(destinationOf(offer!)).toBe('10.0.0.2');
  const [nak] = ask('request', '10.3.0.7');
  expect([typeOf(nak!), destinationOf(nak!), dhcpOf(nak!).broadcast]).toEqual(['nak', '10.0.0.2', true]);
  // A relay of a network that is not served gets no answer.
  bench.inject(clientFrame('discover', { ...relay, relayAddress: '10.44.0.2' }));
  expect(bench.station().take()).toEqual([]);
});
