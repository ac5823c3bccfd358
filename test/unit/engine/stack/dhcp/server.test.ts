import { describe, expect, it } from 'vitest';
import { ServerLeases } from '../../../../../src/engine/stack/dhcp/server-leases';
import { formatIpv4 } from '../../../../../src/net/ipv4-address';
import { formatMac, macFromNumber, type MacAddress } from '../../../../../src/net/mac-address';
import { textOption } from '../../../../../src/wire/dhcp-option';
import {
  damaged,
  destinationOf,
  dontFragmentOf,
  frameProblems,
  pattern,
  PAYLOAD,
  sourceOf,
  toMac,
  tosOf,
  ttlOf,
  udpFrame,
} from '../../packets';
import { Bench } from '../../station';
import { ip, net } from '../../topologies';
import { clientFrame, dhcpOf, optionsOf, typeOf, yourAddressOf, type ClientMessage } from './dhcp-frames';

const ONE = macFromNumber(0x0200000000aa);
const TWO = macFromNumber(0x0200000000bb);

/** A server of 10.0.0.100 to .199, or of what is given, that is the authority for its network unless said otherwise. */
function server(first = '10.0.0.100', last = '10.0.0.199', authoritative = true) {
  const bench = new Bench(['10.0.0.1/24']);
  bench.stack.dhcpServer.serve({
    on: bench.on(),
    subnet: net('10.0.0.0/24'),
    first: ip(first),
    last: ip(last),
    leaseSeconds: 600,
    authoritative,
    router: ip('10.0.0.1'),
    nameServers: [ip('10.0.0.1'), ip('9.9.9.9')],
    domain: 'lab.test',
  });
  const ask = (...args: Parameters<typeof clientFrame>) => {
    bench.inject(clientFrame(...args));
    return bench.station().take();
  };
  const offered = (mac: MacAddress, more: Partial<ClientMessage> = {}) => {
    const [offer] = ask('discover', { mac, ...more });
    return offer && yourAddressOf(offer);
  };
  /** The whole exchange; the address that was granted. */
  const obtain = (mac: MacAddress, more: Partial<ClientMessage> = {}) => {
    const requested = offered(mac, more)!;
    const [ack] = ask('request', { mac, requested, server: '10.0.0.1' });
    return typeOf(ack!) === 'ack' ? yourAddressOf(ack!) : undefined;
  };
  return { bench, ask, offered, obtain };
}

describe('offer and grant, as dnsmasq makes them', () => {
  it.each(['discover', 'request'] as const)('%s is answered with these options in this order', type => {
    const { ask, obtain } = server();
    const address = obtain(ONE)!;
    const [answer] = ask(type, { mac: ONE, requested: address, server: '10.0.0.1', transactionId: 0xcafe });
    expect(typeOf(answer!)).toBe(type === 'discover' ? 'offer' : 'ack');
    expect(optionsOf(answer!)).toEqual([
      [53, [type === 'discover' ? 2 : 5]],
      [54, [10, 0, 0, 1]],
      [51, [0, 0, 2, 88]],
      [58, [0, 0, 1, 44]],
      [59, [0, 0, 2, 13]],
      [1, [255, 255, 255, 0]],
      [28, [10, 0, 0, 255]],
      [3, [10, 0, 0, 1]],
      [6, [10, 0, 0, 1, 9, 9, 9, 9]],
      [15, [...'lab.test'].map(letter => letter.charCodeAt(0))],
    ]);
    const message = dhcpOf(answer!);
    expect([message.operation, message.transactionId, message.clientMac]).toEqual([2, 0xcafe, ONE]);
    expect(formatIpv4(message.yourAddress)).toBe(address);
    expect(formatIpv4(message.serverAddress)).toBe('10.0.0.1');
  });

  it('goes to the client’s hardware and new address, from port 67 to 68, TOS 0xc0, without DF', () => {
    const { ask } = server();
    const [offer] = ask('discover', { mac: ONE });
    expect(frameProblems(offer!)).toEqual([]);
    expect([toMac(offer!), destinationOf(offer!), sourceOf(offer!)]).toEqual([
      formatMac(ONE),
      yourAddressOf(offer!),
      '10.0.0.1',
    ]);
    expect([tosOf(offer!), ttlOf(offer!), dontFragmentOf(offer!)]).toEqual([0xc0, 64, false]);
    expect([...offer!.subarray(PAYLOAD, PAYLOAD + 4)]).toEqual([0, 67, 0, 68]);
  });

  it('goes to everyone when the client asks for that (RFC 2131 4.1)', () => {
    const { ask } = server();
    const [offer] = ask('discover', { mac: ONE, broadcast: true });
    expect([toMac(offer!), destinationOf(offer!)]).toEqual(['ff:ff:ff:ff:ff:ff', '255.255.255.255']);
    expect(dhcpOf(offer!).broadcast).toBe(true);
  });

  it('to a client that renews goes to the address it has', () => {
    const { bench, obtain } = server();
    const address = obtain(ONE)!;
    const ends = { ...bench.ends(), fromMac: ONE, from: ip(address) };
    bench.inject(clientFrame('request', { mac: ONE, clientAddress: address }, ends));
    const [ack] = bench.station().take();
    expect([typeOf(ack!), destinationOf(ack!), toMac(ack!)]).toEqual(['ack', address, formatMac(ONE)]);
    expect(formatIpv4(dhcpOf(ack!).clientAddress)).toBe(address);
  });
});

describe('who gets which address', () => {
  it('a client gets the same one each time, whoever came between, also after its lease ended', () => {
    const { bench, obtain, offered } = server();
    const first = obtain(ONE);
    const second = obtain(TWO);
    expect(second).not.toBe(first);
    expect(offered(ONE)).toBe(first);
    bench.run(10_000);
    expect(offered(ONE)).toBe(first);
    expect(obtain(TWO)).toBe(second);
  });

  it('the first choice depends on the hardware address alone, not on who asks first', () => {
    const choice = (order: readonly MacAddress[], mac: MacAddress) => {
      const { obtain } = server();
      const got = new Map(order.map(each => [each, obtain(each)]));
      return got.get(mac);
    };
    expect(choice([ONE, TWO], ONE)).toBe(choice([TWO, ONE], ONE));
    expect(choice([ONE, TWO], TWO)).toBe(choice([TWO, ONE], TWO));
  });

  it('is dnsmasq’s: the SDBM hash of the hardware address, modulo the size of the range', () => {
    // By hand: hash = byte + hash * 65599, modulo 2^32.
    let hash = 0n;
    for (const byte of [0x02, 0x00, 0x00, 0x00, 0x00, 0xaa]) {
      hash = (BigInt(byte) + hash * 65_599n) % (1n << 32n);
    }
    expect(server().obtain(ONE)).toBe(`10.0.0.${100 + Number(hash % 100n)}`);
  });

  it('one it asks for is given if it is free and in the range', () => {
    const { offered, obtain } = server();
    expect(offered(ONE, { requested: '10.0.0.150' })).toBe('10.0.0.150');
    expect(offered(TWO, { requested: '10.0.0.150' })).not.toBe('10.0.0.150');
    expect(offered(TWO, { requested: '10.0.0.50' })).toMatch(/^10\.0\.0\.1\d\d$/);
    expect(obtain(macFromNumber(0x0200000000cc), { requested: '10.0.0.1' })).toMatch(/^10\.0\.0\.1\d\d$/);
  });

  it('never the server’s own, even where the range holds it', () => {
    const { offered } = server('10.0.0.1', '10.0.0.2');
    expect(offered(ONE)).toBe('10.0.0.2');
    expect(offered(TWO)).toBeUndefined();
  });

  it('an exhausted range is answered with silence, until a lease ends', () => {
    const { bench, obtain, offered } = server('10.0.0.100', '10.0.0.101');
    expect([obtain(ONE), obtain(TWO)].sort()).toEqual(['10.0.0.100', '10.0.0.101']);
    const third = macFromNumber(0x0200000000cc);
    expect(offered(third)).toBeUndefined();
    bench.run(599);
    expect(offered(third)).toBeUndefined();
    bench.run(1.1);
    expect(offered(third)).toBeDefined();
  });

  it('an offer nobody takes up is kept for a minute', () => {
    const { bench, offered } = server('10.0.0.100', '10.0.0.100');
    expect(offered(ONE)).toBe('10.0.0.100');
    bench.run(59);
    expect(offered(TWO)).toBeUndefined();
    bench.run(1.1);
    expect(offered(TWO)).toBe('10.0.0.100');
  });

  it('a client that chooses another server frees its offer at once (RFC 2131 4.3.2)', () => {
    const { bench, ask, offered } = server('10.0.0.100', '10.0.0.100', false);
    expect(offered(ONE)).toBe('10.0.0.100');
    expect(ask('request', { mac: ONE, requested: '10.9.9.9', server: '10.0.0.77' })).toEqual([]);
    expect(bench.takeReasons()).toEqual(['dhcp-other-server']);
    expect(offered(TWO)).toBe('10.0.0.100');
  });

  it('the authority for a network refuses what a client takes from another server', () => {
    const { ask, offered } = server();
    offered(ONE);
    const [nak] = ask('request', { mac: ONE, requested: '10.9.9.9', server: '10.0.0.77' });
    expect([typeOf(nak!), destinationOf(nak!)]).toEqual(['nak', '255.255.255.255']);
  });

  it('a client keeps the lease it has while it listens to another server', () => {
    const { ask, obtain, offered } = server('10.0.0.100', '10.0.0.100', false);
    expect(obtain(ONE)).toBe('10.0.0.100');
    ask('request', { mac: ONE, requested: '10.9.9.9', server: '10.0.0.77' });
    expect(offered(TWO)).toBeUndefined();
  });

  it.each([
    ['of another network', '172.16.0.9'],
    ['of this network', '10.0.0.150'],
  ])(
    'without authority, a client that comes back with an address %s is left to others',
    (_what, requested) => {
      const { bench, ask } = server('10.0.0.100', '10.0.0.199', false);
      expect(ask('request', { mac: ONE, requested })).toEqual([]);
      expect(ask('request', { mac: ONE, clientAddress: requested })).toEqual([]);
      expect(bench.takeReasons()).toEqual(['dhcp-client-unknown', 'dhcp-client-unknown']);
    },
  );

  it('without authority, a client that it knows is told that it is on the wrong network', () => {
    const { ask, obtain } = server('10.0.0.100', '10.0.0.199', false);
    obtain(ONE);
    const [nak] = ask('request', { mac: ONE, requested: '172.16.0.9' });
    expect(typeOf(nak!)).toBe('nak');
  });

  it('a flood of invented clients takes the range and no more, and each one beyond is said to have come too late', () => {
    const { bench, ask, offered } = server('10.0.0.100', '10.0.0.149');
    for (let n = 0; n < 500; n++) {
      ask('discover', { mac: macFromNumber(0x020000100000 + n) });
    }
    expect([...bench.stack.dhcpServer.leasesOn(bench.on())!.all()]).toHaveLength(50);
    expect(bench.takeReasons()).toEqual(Array(450).fill('dhcp-pool-exhausted'));
    expect(offered(ONE)).toBeUndefined();
    // Nobody asked for what was offered.
    bench.run(61);
    expect(offered(ONE)).toBeDefined();
  });

  it('a flood in a large range ends at a thousand clients (dnsmasq --dhcp-lease-max)', () => {
    const { bench, ask } = server('10.0.0.2', '10.0.63.254');
    for (let n = 0; n < 1010; n++) {
      ask('discover', { mac: macFromNumber(0x020000100000 + n) });
    }
    expect([...bench.stack.dhcpServer.leasesOn(bench.on())!.all()]).toHaveLength(1000);
    expect(bench.takeReasons()).toEqual(Array(10).fill('dhcp-pool-exhausted'));
  });

  it('a released address is free', () => {
    const { ask, obtain, offered } = server('10.0.0.100', '10.0.0.100');
    obtain(ONE);
    expect(ask('release', { mac: ONE, clientAddress: '10.0.0.100' })).toEqual([]);
    expect(offered(TWO)).toBe('10.0.0.100');
  });

  it.each([
    ['held by somebody else', '10.0.0.100'],
    ['outside of the range', '10.0.0.7'],
    ['of another network', '172.16.0.9'],
  ])('asking for one %s is refused, to everyone', (_what, requested) => {
    const { ask, obtain } = server('10.0.0.100', '10.0.0.101');
    obtain(TWO, { requested: '10.0.0.100' });
    const [nak] = ask('request', { mac: ONE, requested });
    expect(typeOf(nak!)).toBe('nak');
    expect([toMac(nak!), destinationOf(nak!)]).toEqual(['ff:ff:ff:ff:ff:ff', '255.255.255.255']);
    expect(nak).toHaveLength(342);
    expect(optionsOf(nak!).map(([code]) => code)).toEqual([53, 54, 56]);
    expect(dhcpOf(nak!).yourAddress).toBe(0);
  });

  it('the table tells who has what under which name', () => {
    const { bench, ask } = server();
    ask('request', { mac: ONE, requested: '10.0.0.142', more: [textOption(12, 'alpha')] });
    const leases = bench.stack.dhcpServer.leasesOn(bench.on())!;
    expect([...leases.all()]).toMatchObject([{ mac: ONE, address: ip('10.0.0.142'), hostName: 'alpha' }]);
  });
});

describe('what a server does not answer', () => {
  it.each<[string, Uint8Array, string]>([
    ['a reply', clientFrame('discover', { mac: ONE, operation: 2 }), 'dhcp-ignored'],
    ['a message without a type', udpFrame(everyone(), 68, 67, withoutType()), 'dhcp-ignored'],
    ['a short message', udpFrame(everyone(), 68, 67, pattern(100)), 'malformed'],
    ['noise', udpFrame(everyone(), 68, 67, pattern(300)), 'malformed'],
    ['an offer of another server', clientFrame('offer', { mac: ONE }), 'dhcp-ignored'],
    [
      'a release that another server is told',
      clientFrame('release', { mac: ONE, clientAddress: '10.0.0.100', server: '10.0.0.77' }),
      'dhcp-other-server',
    ],
    [
      'a release of what was never leased',
      clientFrame('release', { mac: ONE, clientAddress: '10.0.0.100' }),
      'dhcp-client-unknown',
    ],
    [
      'a refusal of what was never offered',
      clientFrame('decline', { mac: ONE, requested: '10.0.0.100' }),
      'dhcp-client-unknown',
    ],
    [
      'a relay of a network it does not serve',
      clientFrame('discover', { mac: ONE, relayAddress: '10.7.0.1' }),
      'dhcp-relay-unserved',
    ],
    ['a wrong checksum', damaged(clientFrame('discover', { mac: ONE }), 100), 'checksum-wrong'],
  ])('%s', (_what, bytes, reason) => {
    const { bench } = server();
    bench.inject(bytes);
    expect(bench.station().take()).toEqual([]);
    expect(bench.takeReasons()).toEqual([reason]);
  });

  function everyone() {
    return {
      fromMac: ONE,
      toMac: macFromNumber(2 ** 48 - 1),
      from: ip('0.0.0.0'),
      to: ip('255.255.255.255'),
    };
  }

  function withoutType(): Uint8Array {
    const data = clientFrame('discover', { mac: ONE }).slice(42);
    data.fill(0, 240, 243);
    return data;
  }
});

describe('the leases of a range', () => {
  it('never give one address to two clients at a time, whoever comes and goes', () => {
    const leases = new ServerLeases(ip('10.0.0.10'), ip('10.0.0.19'), new Set([ip('10.0.0.12')]));
    let seed = 1;
    const random = (count: number) => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((seed / 2 ** 32) * count);
    };
    for (let now = 0; now < 3000; now++) {
      const mac = macFromNumber(0x020000000000 + random(25));
      const address = leases.choose(mac, random(3) === 0 ? ip(`10.0.0.${9 + random(12)}`) : undefined, now);
      if (address !== undefined) {
        leases.hold({ mac, address, expiresAt: now + random(30), hostName: undefined, cause: -1 });
      }
      if (random(10) === 0) {
        leases.release(macFromNumber(0x020000000000 + random(25)));
      }
      const all = [...leases.all()];
      expect(new Set(all.map(each => each.address)).size).toBe(all.length);
      expect(all.every(each => each.address !== ip('10.0.0.12'))).toBe(true);
      expect(all.every(each => each.address >= leases.first && each.address <= leases.last)).toBe(true);
    }
  });
});
