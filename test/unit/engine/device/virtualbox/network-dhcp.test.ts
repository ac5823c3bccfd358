import { describe, expect, it } from 'vitest';
import { VirtualBoxDhcp } from '../../../../../src/engine/device/virtualbox/network-dhcp';
import { Port } from '../../../../../src/engine/kernel/port';
import { formatIpv4, type Ipv4Address } from '../../../../../src/net/ipv4-address';
import { macFromNumber } from '../../../../../src/net/mac-address';
import type { ResolvedVirtualBoxDhcp } from '../../../../../src/topology/resolved';
import { addressOption, bytesOption, findOption, secondsOption } from '../../../../../src/wire/dhcp-option';
import { hexOf, bytesOf } from '../../../wire/bytes-of';
import {
  arpFrame,
  destinationOf,
  echoFrame,
  frameLine,
  frameProblems,
  fromMac,
  IP,
  padded,
  sourceOf,
  sumOf,
  toMac,
  tosOf,
  ttlOf,
  udpFrame,
} from '../../packets';
import {
  clientFrame,
  dhcpOf,
  optionCodes,
  optionsOf,
  typeOf,
  yourAddressOf,
  type ClientMessage,
  type MessageName,
} from '../../stack/dhcp/dhcp-frames';
import { Bench, cableFor, Station } from '../../station';
import { ip, mac, net } from '../../topologies';

const SERVER = '192.168.56.100';
const SERVER_MAC = '08:00:27:5a:5a:5a';

/** A server on vboxnet0 as a fresh installation has it, and a station that stands for every guest. */
class DhcpBench extends Bench {
  readonly server: VirtualBoxDhcp;
  readonly guests: Station;

  constructor(more: Partial<ResolvedVirtualBoxDhcp> = {}) {
    super(['192.168.1.5/24']);
    this.server = new VirtualBoxDhcp(
      this.simulator,
      {
        kind: 'virtualbox-dhcp',
        id: 'dhcp',
        label: 'DHCP',
        source: [],
        ports: [],
        version: '7.0',
        mac: mac(SERVER_MAC),
        subnet: net('192.168.56.0/24'),
        server: ip(SERVER),
        first: ip('192.168.56.101'),
        last: ip('192.168.56.254'),
        ...more,
      },
      this.stack,
    );
    const port = new Port(this.simulator, 5, this.server);
    this.server.plug(port);
    this.guests = new Station(this.simulator, 105, mac('08:00:27:00:00:01'), ip('192.168.56.101'));
    port.connect(this.guests.port, cableFor(this.simulator));
  }

  ask(bytes: Uint8Array): Uint8Array[] {
    this.guests.send(bytes);
    this.run(0.001);
    return this.guests.take();
  }

  message(type: MessageName, client: ClientMessage): Uint8Array[] {
    return this.ask(clientFrame(type, client));
  }

  /** DISCOVER and REQUEST; the address that the ACK gives. */
  lease(client: ClientMessage): string | undefined {
    const [offer] = this.message('discover', client);
    if (offer === undefined) {
      return undefined;
    }
    const requested = yourAddressOf(offer);
    return yourAddressOf(this.message('request', { ...client, requested, server: SERVER })[0]!);
  }
}

const me: ClientMessage = { mac: macFromNumber(0x080027000001), transactionId: 0xcafebabe };
const other = (number: number): ClientMessage => ({ mac: macFromNumber(0x080027000100 + number) });
const asking = (...codes: number[]) => bytesOption(55, ...codes);
const text = (data: Uint8Array | undefined) => data && new TextDecoder().decode(data);

describe('an OFFER and an ACK, every byte', () => {
  const frameOf = (options: string, identification: string) => {
    const bootp = `02010600 cafebabe 0000 0000 00000000 c0a83865 00000000 00000000 080027000001 ${'00'.repeat(202)} 63825363 ${options} ff`;
    const payload = padded(bytesOf(bootp), 548);
    const udp = `0043 0044 022c 0000 ${hexOf(payload)}`;
    const pseudo = sumOf(bytesOf('c0a83864 ffffffff 0011 022c'));
    const udpSum = (0xffff - sumOf(bytesOf(udp), pseudo)).toString(16).padStart(4, '0');
    const header = `4500 0240 ${identification} 0000 ff11 0000 c0a83864 ffffffff`;
    const headerSum = (0xffff - sumOf(bytesOf(header))).toString(16).padStart(4, '0');
    return hexOf(
      bytesOf(
        `ffffffffffff 0800275a5a5a 0800 ${header.replace('ff11 0000', `ff11 ${headerSum}`)} ${udp.replace('022c 0000', `022c ${udpSum}`)}`,
      ),
    );
  };

  it('are broadcasts of 590 bytes with TTL 255, whatever the client’s flag', () => {
    const bench = new DhcpBench();
    const client = { ...me, broadcast: true, more: [asking(1, 3, 6, 15, 51)] };
    const [offer] = bench.message('discover', client);
    expect(offer).toHaveLength(590);
    expect(hexOf(offer!)).toBe(frameOf('3604c0a83864 350102 0104ffffff00 330400000258', '0000'));
    const [ack] = bench.message('request', { ...client, requested: '192.168.56.101', server: SERVER });
    expect(hexOf(ack!)).toBe(frameOf('3604c0a83864 350105 0104ffffff00 330400000258', '0001'));
  });
});

describe('what a lease says', () => {
  it('no router and no name server on a host-only network', () => {
    const [offer] = new DhcpBench().message('discover', { ...me, more: [asking(3, 6, 15)] });
    expect(optionCodes(offer!)).toEqual([54, 53, 1, 51]);
  });

  it('on a NAT network the gateway and the host’s servers, where the client asks', () => {
    const bench = new DhcpBench({ router: ip('192.168.56.1'), nameServersOf: 'host' });
    bench.stack.setNameServers([ip('9.9.9.9'), ip('127.0.0.1'), ip('127.0.0.53')]);
    const [offer] = bench.message('discover', { ...me, more: [asking(6, 3, 1, 15, 28)] });
    expect(optionsOf(offer!)).toEqual([
      [54, [192, 168, 56, 100]],
      [53, [2]],
      [1, [255, 255, 255, 0]],
      [3, [192, 168, 56, 1]],
      [6, [9, 9, 9, 9, 192, 168, 56, 2]],
      [51, [0, 0, 2, 88]],
    ]);
    expect(optionCodes(bench.message('discover', me)[0]!)).toEqual([54, 53, 1, 51]);
  });

  it('the gateway’s relay where the host has only an unmapped loopback server', () => {
    const bench = new DhcpBench({ router: ip('192.168.56.1'), nameServersOf: 'host' });
    bench.stack.setNameServers([ip('127.0.0.53')]);
    const [offer] = bench.message('discover', { ...me, more: [asking(6)] });
    expect(optionsOf(offer!).find(([code]) => code === 6)).toEqual([6, [192, 168, 56, 1]]);
  });

  it.each([
    [undefined, 600],
    [60, 300],
    [300, 300],
    [7200, 7200],
    [43_200, 43_200],
    [86_400, 43_200],
  ])('asked for %s seconds gives %s', (wanted, given) => {
    const more = wanted === undefined ? [] : [secondsOption(51, wanted)];
    const [offer] = new DhcpBench().message('discover', { ...me, more });
    expect(new DataView(Uint8Array.from(findOption(dhcpOf(offer!), 51)!).buffer).getUint32(0)).toBe(given);
  });

  it('and it ends then: the address is found again, and given to others last', () => {
    const bench = new DhcpBench({ last: ip('192.168.56.102') });
    expect(bench.lease(me)).toBe('192.168.56.101');
    bench.run(601);
    expect(bench.server.leases().map(({ state }) => state)).toEqual(['expired']);
    expect(bench.lease(other(1))).toBe('192.168.56.102');
    expect(bench.lease(me)).toBe('192.168.56.101');
  });
});

describe('the choice of an address', () => {
  it('the lowest that nobody had', () => {
    const bench = new DhcpBench();
    expect([1, 2, 3].map(number => bench.lease(other(number)))).toEqual([
      '192.168.56.101',
      '192.168.56.102',
      '192.168.56.103',
    ]);
  });

  it('never the server’s own, though it is in the pool', () => {
    const bench = new DhcpBench({ first: ip('192.168.56.99') });
    expect([1, 2].map(number => bench.lease(other(number)))).toEqual(['192.168.56.99', '192.168.56.101']);
    expect(bench.lease({ ...other(3), requested: SERVER })).toBe('192.168.56.102');
  });

  it('the one asked for, where it is free', () => {
    const bench = new DhcpBench();
    const asks = (client: ClientMessage, requested: string) =>
      yourAddressOf(bench.message('discover', { ...client, requested })[0]!);
    expect(asks(me, '192.168.56.200')).toBe('192.168.56.200');
    expect(asks(other(1), '192.168.56.200')).toBe('192.168.56.101');
    expect(asks(other(2), '10.0.0.1')).toBe('192.168.56.102');
  });

  it('the client’s own before one asked for', () => {
    const bench = new DhcpBench();
    bench.lease(me);
    expect(yourAddressOf(bench.message('discover', { ...me, requested: '192.168.56.200' })[0]!)).toBe(
      '192.168.56.101',
    );
    expect(yourAddressOf(bench.message('request', { ...me, requested: '192.168.56.200' })[0]!)).toBe(
      '192.168.56.101',
    );
  });

  it('a reservation, also outside the pool', () => {
    const reservations = [{ mac: me.mac, address: ip('192.168.56.10') }];
    const bench = new DhcpBench({ reservations });
    expect(bench.lease(me)).toBe('192.168.56.10');
    expect(yourAddressOf(bench.message('request', { ...me, requested: '192.168.56.10' })[0]!)).toBe(
      '192.168.56.10',
    );
    expect(bench.message('request', { ...other(1), requested: '192.168.56.10' }).map(typeOf)).toEqual([
      'nak',
    ]);
    expect(bench.server.leases()).toEqual([]);
  });

  it('an offer that nobody took is given away before a fresh address', () => {
    const bench = new DhcpBench();
    bench.message('discover', me);
    expect(bench.lease(other(1))).toBe('192.168.56.102');
    bench.run(601);
    expect(bench.lease(other(2))).toBe('192.168.56.101');
  });

  it('when all are known: one released before one expired', () => {
    const bench = new DhcpBench({ last: ip('192.168.56.102') });
    bench.lease(other(1));
    bench.run(400);
    bench.lease(other(2));
    bench.run(300);
    bench.message('release', { ...other(2), clientAddress: '192.168.56.102' });
    expect(bench.lease(other(3))).toBe('192.168.56.102');
    expect(bench.lease(other(4))).toBe('192.168.56.101');
    expect(bench.lease(other(5))).toBeUndefined();
  });

  it('clones with one client identifier are one client', () => {
    const bench = new DhcpBench();
    const identifier = bytesOption(61, 0xff, 1, 2, 3);
    expect(bench.lease({ ...other(1), more: [identifier] })).toBe('192.168.56.101');
    expect(bench.lease({ ...other(2), more: [identifier] })).toBe('192.168.56.101');
    expect(bench.lease({ ...other(1), more: [bytesOption(61, 9)] })).toBe('192.168.56.102');
    expect(bench.lease(other(1))).toBe('192.168.56.103');
  });
});

describe('messages of each kind', () => {
  it('a REQUEST for an address outside the pool is refused without a word', () => {
    const [nak] = new DhcpBench().message('request', { ...me, requested: '192.168.1.50' });
    expect(optionsOf(nak!)).toEqual([
      [54, [192, 168, 56, 100]],
      [53, [6]],
    ]);
    expect([nak!.length, destinationOf(nak!), dhcpOf(nak!).yourAddress]).toEqual([590, '255.255.255.255', 0]);
  });

  it('a REQUEST whose ciaddr and option 50 differ is refused with a reason', () => {
    const [nak] = new DhcpBench().message('request', {
      ...me,
      clientAddress: '192.168.56.101',
      requested: '192.168.56.102',
    });
    expect(optionCodes(nak!)).toEqual([54, 53, 56]);
    expect(text(findOption(dhcpOf(nak!), 56))).toBe('Requested address does not match ciaddr');
  });

  it('a guest that boots with the address it had gets it, also from a server that never saw it', () => {
    const [ack] = new DhcpBench().message('request', { ...me, requested: '192.168.56.177' });
    expect([typeOf(ack!), yourAddressOf(ack!)]).toEqual(['ack', '192.168.56.177']);
  });

  it('a renewal is answered to the client alone, after ARP, with ciaddr', () => {
    const bench = new DhcpBench();
    bench.lease(me);
    const unicast = {
      fromMac: me.mac,
      toMac: mac(SERVER_MAC),
      from: ip('192.168.56.101'),
      to: ip(SERVER),
    };
    const renew = clientFrame('request', { ...me, clientAddress: '192.168.56.101' }, unicast);
    expect(bench.ask(renew).map(frameLine)).toEqual([`arp who-has 192.168.56.101 tell ${SERVER}`]);
    const [ack] = bench.ask(
      arpFrame(2, { mac: me.mac, ip: ip('192.168.56.101') }, { mac: mac(SERVER_MAC), ip: ip(SERVER) }),
    );
    expect([toMac(ack!), destinationOf(ack!), typeOf(ack!)]).toEqual([
      '08:00:27:00:00:01',
      '192.168.56.101',
      'ack',
    ]);
    expect(dhcpOf(ack!).clientAddress).toBe(ip('192.168.56.101'));
  });

  it('a REQUEST for another server frees the offer and is not answered', () => {
    const bench = new DhcpBench();
    bench.message('discover', me);
    const elsewhere = { ...me, requested: '192.168.56.101', server: '192.168.56.7' };
    expect(bench.message('request', elsewhere)).toEqual([]);
    expect(bench.server.leases().map(({ state }) => state)).toEqual(['released']);
    expect(bench.takeReasons()).toEqual(['dhcp-other-server']);
  });

  it('RELEASE marks the address, and DECLINE is ignored', () => {
    const bench = new DhcpBench();
    bench.lease(me);
    expect(bench.message('decline', { ...me, requested: '192.168.56.101' })).toEqual([]);
    expect(bench.server.leases()[0]!.state).toBe('acked');
    bench.message('release', { ...me, clientAddress: '192.168.56.102' });
    expect(bench.server.leases()[0]!.state).toBe('acked');
    bench.message('release', { ...me, clientAddress: '192.168.56.101' });
    expect(bench.server.leases()[0]!.state).toBe('released');
  });

  it('INFORM with an address and a list is answered without a lease', () => {
    const bench = new DhcpBench();
    const informed = { ...me, clientAddress: '192.168.56.9', broadcast: true, more: [asking(1)] };
    const [ack] = bench.message('inform', informed);
    expect([typeOf(ack!), yourAddressOf(ack!), optionCodes(ack!)]).toEqual(['ack', '0.0.0.0', [54, 53, 1]]);
    expect(dhcpOf(ack!).clientAddress).toBe(0);
    expect(bench.message('inform', { ...me, clientAddress: '192.168.56.9' })).toEqual([]);
    expect(bench.message('inform', { ...me, more: [asking(1)] })).toEqual([]);
    expect(bench.server.leases()).toEqual([]);
  });

  it('rapid commit makes one exchange of two', () => {
    const bench = new DhcpBench();
    const [ack] = bench.message('discover', { ...me, more: [{ code: 80, data: new Uint8Array(0) }] });
    expect([typeOf(ack!), optionCodes(ack!)]).toEqual(['ack', [54, 53, 1, 51, 80]]);
    expect(bench.server.leases()[0]!.state).toBe('acked');
  });

  it('relayed messages, a DISCOVER with ciaddr, replies and noise are ignored, each with a reason', () => {
    const bench = new DhcpBench();
    const hops = clientFrame('discover', me);
    hops[45] = 1;
    hops.fill(0, 40, 42);
    expect(bench.message('discover', { ...me, relayAddress: '192.168.56.7' })).toEqual([]);
    expect(bench.ask(hops)).toEqual([]);
    expect(bench.message('discover', { ...me, clientAddress: '192.168.56.101' })).toEqual([]);
    expect(bench.message('discover', { ...me, operation: 2 })).toEqual([]);
    expect(bench.message('offer', me)).toEqual([]);
    expect(bench.takeReasons()).toEqual([
      ...Array<string>(2).fill('dhcp-relay-unserved'),
      ...Array<string>(3).fill('dhcp-ignored'),
    ]);
  });
});

describe('leases', () => {
  it('are listed newest first, as the file of the server has them', () => {
    const bench = new DhcpBench();
    bench.lease(other(1));
    bench.lease(other(2));
    expect(bench.server.leases().map(({ address, state }) => [formatIpv4(address), state])).toEqual([
      ['192.168.56.102', 'acked'],
      ['192.168.56.101', 'acked'],
    ]);
  });

  it('are 4096 at most', () => {
    const bench = new DhcpBench({
      subnet: net('10.0.0.0/8'),
      first: ip('10.0.0.1'),
      last: ip('10.255.255.254'),
    });
    for (let number = 0; number < 4095; number++) {
      const offered = bench.message('discover', {
        ...other(number),
        requested: formatIpv4((ip('10.1.0.0') + number) as Ipv4Address),
      });
      expect(offered).toHaveLength(1);
    }
    expect(bench.message('discover', other(5000))).toEqual([]);
  });
});

describe('the station of the server', () => {
  const toServer = { fromMac: me.mac, toMac: mac(SERVER_MAC), from: ip('192.168.56.101'), to: ip(SERVER) };
  const met = () => {
    const bench = new DhcpBench();
    const [reply] = bench.ask(arpFrame(1, { mac: me.mac, ip: ip('192.168.56.101') }, { ip: ip(SERVER) }));
    return { bench, reply: reply! };
  };

  it('answers ARP for its address and no other', () => {
    const { bench, reply } = met();
    expect(frameLine(reply)).toBe(`arp ${SERVER} is-at ${SERVER_MAC}`);
    expect([reply.length, fromMac(reply)]).toEqual([42, SERVER_MAC]);
    expect(
      bench.ask(arpFrame(1, { mac: me.mac, ip: ip('192.168.56.101') }, { ip: ip('192.168.56.1') })),
    ).toEqual([]);
  });

  it('answers ping as lwIP does: TTL 255, the request’s identification and type of service', () => {
    const { bench } = met();
    const request = echoFrame(toServer, 7, 1, {
      identification: 0x4711,
      typeOfService: 0x20,
      timeToLive: 64,
    });
    const [reply] = bench.ask(request);
    expect(frameLine(reply!)).toBe(`${SERVER} > 192.168.56.101 echo reply 1`);
    expect([ttlOf(reply!), tosOf(reply!), [...reply!.subarray(IP + 4, IP + 6)]]).toEqual([
      255,
      0x20,
      [0x47, 0x11],
    ]);
    expect(frameProblems(reply!)).toEqual([]);
  });

  it('refuses other ports, and is no router', () => {
    const { bench } = met();
    const [error] = bench.ask(udpFrame(toServer, 5, 53));
    expect(frameLine(error!)).toBe(`${SERVER} > 192.168.56.101 icmp 3/3`);
    expect([ttlOf(error!), tosOf(error!), sourceOf(error!)]).toEqual([255, 0, SERVER]);
    expect(bench.ask(udpFrame({ ...toServer, to: ip('9.9.9.9') }, 5, 53))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['port-unreachable', 'forwarding-off']);
  });

  it('a list of the wanted options may be any bytes', () => {
    const bench = new DhcpBench();
    expect(
      bench.message('discover', { ...me, more: [addressOption(55), addressOption(50)] }).map(typeOf),
    ).toEqual(['offer']);
  });
});
