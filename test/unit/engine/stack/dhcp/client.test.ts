import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../../../src/engine/network';
import { formatIpv4, ipv4FromNumber } from '../../../../../src/net/ipv4-address';
import { formatInterfaceAddress } from '../../../../../src/net/ipv4-prefix';
import { BROADCAST_MAC } from '../../../../../src/net/mac-address';
import { emitDhcp } from '../../../../../src/wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  messageTypeOption,
  secondsOption,
  textOption,
  type DhcpOption,
} from '../../../../../src/wire/dhcp-option';
import {
  damaged,
  destinationOf,
  dontFragmentOf,
  frameLine,
  frameProblems,
  idOf,
  PAYLOAD,
  sourceOf,
  toMac,
  tosOf,
  ttlOf,
  udpFrame,
} from '../../packets';
import { Recorder } from '../../recorder';
import { Bench, SECOND } from '../../station';
import { cables, ip, machine, net, topology } from '../../topologies';
import { dhcpOf, optionCodes, optionsOf, typeOf, type MessageName } from './dhcp-frames';

const ascii = (text: string) => [...text].map(letter => letter.charCodeAt(0));

/** A client named `bench`, whose station is the server. */
function client() {
  const bench = new Bench(['']);
  const station = bench.station();
  bench.stack.startDhcpClient(bench.on());
  const answer = (
    type: MessageName,
    more: {
      readonly options?: readonly DhcpOption[];
      readonly xid?: number;
      readonly address?: string;
      readonly spoil?: number;
      readonly unicast?: boolean;
      readonly mac?: number;
    } = {},
  ) => {
    const address = ip(more.address ?? '10.0.0.100');
    const { xid = lastXid } = more;
    const lease = [
      addressOption(54, ip('10.0.0.2')),
      secondsOption(51, 3600),
      addressOption(1, ip('255.255.0.0')),
      addressOption(3, ip('10.0.0.2')),
      addressOption(6, ip('9.9.9.9'), ip('8.8.8.8')),
      textOption(15, 'lab.test'),
    ];
    const data = emitDhcp({
      operation: 2,
      transactionId: xid,
      seconds: 0,
      broadcast: false,
      clientAddress: ip('0.0.0.0'),
      yourAddress: address,
      serverAddress: ip('10.0.0.2'),
      relayAddress: ip('0.0.0.0'),
      clientMac: (more.mac ?? bench.on().mac) as typeof BROADCAST_MAC,
      serverName: '',
      bootFile: '',
      options: [messageTypeOption(DHCP_MESSAGE_TYPE[type]), ...(more.options ?? lease)],
    });
    const ends = {
      fromMac: station.mac,
      toMac: more.unicast === true ? bench.on().mac : BROADCAST_MAC,
      from: ip('10.0.0.2'),
      to: more.unicast === true ? address : ip('255.255.255.255'),
    };
    const bytes = udpFrame(ends, 67, 68, data);
    bench.inject(more.spoil === undefined ? bytes : damaged(bytes, more.spoil));
  };
  let lastXid = 0;
  /** What the client said since the last call. */
  const said = () => {
    const frames = station.take();
    for (const bytes of frames) {
      if (bytes.length > 300) {
        lastXid = dhcpOf(bytes).transactionId;
      }
    }
    return frames;
  };
  const bind = () => {
    bench.run(0.001);
    said();
    answer('offer');
    said();
    answer('ack');
  };
  const addresses = () => bench.on().addresses.map(formatInterfaceAddress);
  bench.run(0.001);
  return { bench, station, answer, said, bind, addresses };
}

describe('a whole exchange', () => {
  const recorder = new Recorder();
  const network = createNetwork(
    topology(
      [
        machine(
          'router',
          { lan: { address: '10.0.0.1/24', mac: '02:00:00:00:00:01' } },
          {
            kind: 'router',
            dhcpServers: [
              {
                interface: 'lan',
                subnet: net('10.0.0.0/24'),
                first: ip('10.0.0.100'),
                last: ip('10.0.0.199'),
                leaseSeconds: 600,
                router: ip('10.0.0.1'),
                nameServers: [ip('10.0.0.1')],
                source: [],
              },
            ],
          },
        ),
        machine('alpha', { eth0: { address: 'dhcp', mac: '02:00:00:00:00:0a' } }),
      ],
      cables(['router:lan -- alpha:eth0']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  const before = network.booted;
  network.runUntil(SECOND);
  const [discover, offer, request, ack] = recorder.sent.map(({ bytes }) => bytes);

  it('is discover, offer, request, ack, and then the network is booted', () => {
    expect(recorder.sent.map(({ bytes }) => typeOf(bytes))).toEqual(['discover', 'offer', 'request', 'ack']);
    expect([before, network.booted]).toEqual([false, true]);
    expect(recorder.drops).toEqual([]);
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('the client’s frames are udhcpc’s: 342 bytes, from nobody to everyone, TTL 64, no DF, identification 0', () => {
    for (const bytes of [discover!, request!]) {
      expect(bytes).toHaveLength(342);
      expect(frameLine(bytes)).toMatch(/^0\.0\.0\.0 > 255\.255\.255\.255 dhcp /);
      expect(toMac(bytes)).toBe('ff:ff:ff:ff:ff:ff');
      expect([ttlOf(bytes), tosOf(bytes), dontFragmentOf(bytes), idOf(bytes)]).toEqual([64, 0, false, 0]);
      expect([...bytes.subarray(PAYLOAD, PAYLOAD + 4)]).toEqual([0, 68, 0, 67]);
      expect(dhcpOf(bytes)).toMatchObject({ operation: 1, seconds: 0, broadcast: false, clientAddress: 0 });
    }
    expect(dhcpOf(discover!).transactionId).toBe(dhcpOf(request!).transactionId);
  });

  it('with these options in this order', () => {
    const shared = [
      [57, [2, 64]],
      [55, [1, 3, 6, 12, 15, 28, 42]],
      [12, ascii('alpha')],
      [60, ascii('udhcp 1.35.0')],
      [61, [1, 2, 0, 0, 0, 0, 0x0a]],
    ];
    expect(optionsOf(discover!)).toEqual([[53, [1]], ...shared]);
    const address = dhcpOf(offer!).yourAddress;
    const bytes = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
    expect(optionsOf(request!)).toEqual([[53, [3]], [50, bytes], [54, [10, 0, 0, 1]], ...shared]);
  });

  it('gives the client its address, its routes and its name server', () => {
    const address = dhcpOf(ack!).yourAddress;
    expect(network.addressesOf('alpha')).toEqual([{ address, prefixLength: 24 }]);
    const stack = network.stackOf('alpha')!;
    expect(stack.routes.lookup(ip('192.0.2.1'))).toMatchObject({ via: ip('10.0.0.1'), origin: 'dhcp' });
    expect(stack.routes.lookup(ip('10.0.0.7'))).toMatchObject({ via: undefined, origin: 'connected' });
    expect(stack.resolver.servers).toEqual([ip('10.0.0.1')]);
  });

  it('is renewed at half the lease by unicast, with the address it has and no option 50 or 54', () => {
    const sofar = recorder.sent.length;
    network.runUntil(302 * SECOND);
    const [first, second] = recorder.sent.slice(sofar).filter(({ bytes }) => bytes.length > 300);
    const at = recorder.sent[3]!.arrival + 300 * SECOND;
    expect([typeOf(first!.bytes), typeOf(second!.bytes)]).toEqual(['request', 'ack']);
    // It may have to ask for the server's hardware address first.
    expect(first!.time - at).toBeLessThan(10_000);
    expect(first!.time).toBeGreaterThanOrEqual(at);
    const address = formatIpv4(dhcpOf(ack!).yourAddress);
    expect([sourceOf(first!.bytes), destinationOf(first!.bytes)]).toEqual([address, '10.0.0.1']);
    expect(formatIpv4(dhcpOf(first!.bytes).clientAddress)).toBe(address);
    expect(optionCodes(first!.bytes)).toEqual([53, 57, 55, 12, 60, 61]);
    expect(dhcpOf(first!.bytes).transactionId).not.toBe(dhcpOf(request!).transactionId);
  });

  it('goes on for days without losing the address', () => {
    network.runUntil(2 * 86_400 * SECOND);
    expect(network.addressesOf('alpha')).toHaveLength(1);
    const types = recorder.sent.filter(({ bytes }) => bytes.length > 300).map(({ bytes }) => typeOf(bytes));
    expect(types.slice(2).every(type => type === 'request' || type === 'ack')).toBe(true);
    expect(types.length).toBeGreaterThan((2 * (2 * 86_400)) / 300);
    expect(recorder.drops).toEqual([]);
  });
});

describe('a client whom nobody answers', () => {
  it('asks three times, three seconds apart, rests for twenty, and begins anew with another transaction', () => {
    const { bench, station } = client();
    bench.run(40);
    const discovers = station.heard.filter(({ bytes }) => typeOf(bytes) === 'discover');
    const first = discovers[0]!.time;
    expect(discovers.map(({ time }) => (time - first) / SECOND)).toEqual([0, 3, 6, 29, 32, 35]);
    const xids = discovers.map(({ bytes }) => dhcpOf(bytes).transactionId);
    expect(new Set(xids.slice(0, 3)).size).toBe(1);
    expect(xids[3]).not.toBe(xids[0]);
  });

  it('counts as settled after the first round', () => {
    const { bench } = client();
    bench.run(8.9);
    expect(bench.stack.settled).toBe(false);
    bench.run(0.2);
    expect(bench.stack.settled).toBe(true);
  });

  it('after an offer asks three times for it, then begins anew', () => {
    const { bench, station, said, answer } = client();
    said();
    answer('offer');
    bench.run(10);
    expect(station.heard.map(({ bytes }) => typeOf(bytes))).toEqual([
      'request',
      'request',
      'request',
      'discover',
    ]);
  });
});

describe('a lease', () => {
  it('is applied whole: address, mask, route, name servers, domain', () => {
    const { bench, bind, addresses } = client();
    bind();
    expect(addresses()).toEqual(['10.0.0.100/16']);
    expect(bench.stack.domain).toBe('lab.test');
    expect(bench.stack.resolver.servers).toEqual([ip('9.9.9.9'), ip('8.8.8.8')]);
    expect(bench.stack.routes.lookup(ip('1.1.1.1'))?.via).toBe(ip('10.0.0.2'));
  });

  it('without T1 and T2 is renewed at a half and rebound, from everyone, at seven eighths; at its end it is lost', () => {
    const { bench, station, bind, addresses } = client();
    bind();
    const bound = bench.simulator.now;
    station.answersArp = true;
    station.take();
    bench.simulator.runUntil(bound + 3599 * SECOND);
    expect(addresses()).toEqual(['10.0.0.100/16']);
    const asked = station.heard.filter(({ bytes }) => bytes.length > 300);
    const seconds = asked.map(({ time }) => Math.floor((time - bound) / SECOND));
    const to = asked.map(({ bytes }) => destinationOf(bytes));
    expect(seconds[0]).toBe(1799);
    const firstBroadcast = to.indexOf('255.255.255.255');
    expect(to.slice(0, firstBroadcast)).toEqual(Array(firstBroadcast).fill('10.0.0.2'));
    expect(seconds[firstBroadcast]).toBe(3149);
    expect(asked.every(({ bytes }) => sourceOf(bytes) === '10.0.0.100')).toBe(true);
    bench.simulator.runUntil(bound + 3601 * SECOND);
    expect(addresses()).toEqual([]);
    expect(bench.stack.routes.all).toEqual([]);
    expect(bench.stack.resolver.servers).toEqual([]);
    expect(typeOf(station.heard.at(-1)!.bytes)).toBe('discover');
  });

  it('follows T1 and T2 where the server gives them', () => {
    const { bench, station, said, answer } = client();
    said();
    answer('offer');
    said();
    answer('ack', {
      options: [
        addressOption(54, ip('10.0.0.2')),
        secondsOption(51, 3600),
        secondsOption(58, 100),
        secondsOption(59, 200),
      ],
    });
    station.answersArp = true;
    station.take();
    const bound = bench.simulator.now;
    bench.run(201);
    const asked = station.heard.map(({ time, bytes }) => [
      Math.round((time - bound) / SECOND),
      destinationOf(bytes),
    ]);
    expect(asked).toEqual([
      [100, '10.0.0.2'],
      [160, '10.0.0.2'],
      [200, '255.255.255.255'],
    ]);
  });

  it('refused when renewed is given up at once; three seconds later the client begins anew', () => {
    const { bench, station, said, bind, answer, addresses } = client();
    bind();
    station.answersArp = true;
    bench.run(1801);
    said();
    answer('nak', { options: [addressOption(54, ip('10.0.0.2'))] });
    expect(addresses()).toEqual([]);
    bench.run(2.9);
    expect(station.take()).toEqual([]);
    bench.run(0.2);
    expect(station.take().map(typeOf)).toEqual(['discover']);
  });

  it('that changes the address on renewal changes the address', () => {
    const { bench, station, said, bind, answer, addresses } = client();
    bind();
    station.answersArp = true;
    bench.run(1801);
    said();
    answer('ack', { address: '10.0.0.101', unicast: false });
    expect(addresses()).toEqual(['10.0.0.101/16']);
    expect(bench.stack.ip.isLocal(ip('10.0.0.100'))).toBe(false);
  });
});

describe('a user', () => {
  it('releases: one message to the server with options 53, 54, 61, no address any more, and silence', () => {
    const { bench, station, said, bind, addresses } = client();
    bind();
    station.answersArp = true;
    said();
    expect(bench.stack.releaseLeases()).toBe(true);
    expect(addresses()).toEqual([]);
    expect(bench.stack.leases).toEqual([]);
    bench.run(100);
    const [release, ...more] = said().filter(bytes => bytes.length > 300);
    expect(more).toEqual([]);
    expect(typeOf(release!)).toBe('release');
    expect(optionCodes(release!)).toEqual([53, 54, 61]);
    expect(release).toHaveLength(342);
    expect([sourceOf(release!), destinationOf(release!)]).toEqual(['10.0.0.100', '10.0.0.2']);
    expect(formatIpv4(dhcpOf(release!).clientAddress)).toBe('10.0.0.100');
  });

  it('asks anew after that, and for more time while bound', () => {
    const { bench, station, said, bind, answer } = client();
    bind();
    station.answersArp = true;
    said();
    bench.stack.renewLeases();
    bench.run(0.1);
    const [renewal] = said().filter(bytes => bytes.length > 300);
    expect([typeOf(renewal!), destinationOf(renewal!)]).toEqual(['request', '10.0.0.2']);
    const before = bench.stack.leases[0];
    answer('ack');
    expect(bench.stack.leases[0]?.granted).toBeGreaterThan(before?.granted ?? Infinity);
    bench.stack.releaseLeases();
    bench.run(1);
    said();
    bench.stack.renewLeases();
    bench.run(0.001);
    expect(said().map(typeOf)).toEqual(['discover']);
  });

  it('cannot where there is no client', () => {
    const bench = new Bench(['10.0.0.1/24']);
    expect([bench.stack.renewLeases(), bench.stack.releaseLeases()]).toEqual([false, false]);
  });
});

describe('what a client does not take', () => {
  it.each<[string, Parameters<ReturnType<typeof client>['answer']>]>([
    ['another transaction', ['offer', { xid: 1 }]],
    ['another client’s hardware address', ['offer', { mac: 5 }]],
    ['an offer without a server', ['offer', { options: [secondsOption(51, 60)] }]],
    ['an ack before it asked', ['ack', {}]],
    ['a nak before it asked', ['nak', {}]],
    ['a discover', ['discover', {}]],
  ])('%s', (_what, args) => {
    const { bench, said, answer, station, addresses } = client();
    said();
    answer(...args);
    expect(station.take()).toEqual([]);
    expect(addresses()).toEqual([]);
    bench.run(2.9);
    bench.run(0.2);
    expect(station.take().map(typeOf)).toEqual(['discover']);
  });

  it('a datagram with a wrong checksum', () => {
    const { bench, said, answer, station } = client();
    said();
    answer('offer', { spoil: 42 + 16 });
    expect(station.take()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['checksum-wrong']);
  });

  it('an ack without a lease time, or with a mask that has a hole', () => {
    const bad = [
      [addressOption(54, ip('10.0.0.2'))],
      [
        addressOption(54, ip('10.0.0.2')),
        secondsOption(51, 60),
        addressOption(1, ipv4FromNumber(0xff00ff00)),
      ],
    ];
    for (const options of bad) {
      const { bench, said, answer, addresses } = client();
      said();
      answer('offer');
      said();
      answer('ack', { options });
      expect(addresses()).toEqual([]);
      expect(bench.takeReasons()).toEqual(['dhcp-ignored']);
    }
  });

  it('anything before it has an address but DHCP: pings to an address it does not have stay unanswered', () => {
    const { bench, station, said } = client();
    said();
    bench.inject(
      udpFrame(
        { fromMac: station.mac, toMac: bench.on().mac, from: ip('10.0.0.2'), to: ip('10.0.0.100') },
        1,
        2,
      ),
    );
    expect(station.take()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['forwarding-off']);
  });
});

it('two machines and two seeds use different transactions', () => {
  const xids = [1, 2].flatMap(seed => {
    const recorder = new Recorder();
    const network = createNetwork(
      topology(
        [machine('a', { eth0: { address: 'dhcp' } }), machine('b', { eth0: { address: 'dhcp' } })],
        cables(['a:eth0 -- b:eth0']),
      ),
      { seed, observer: recorder },
    );
    network.boot();
    network.runUntil(1e6);
    return recorder.sent.map(({ bytes }) => dhcpOf(bytes).transactionId);
  });
  expect(new Set(xids).size).toBe(4);
});
