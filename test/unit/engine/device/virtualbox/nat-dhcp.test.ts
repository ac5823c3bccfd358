import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../../../src/engine/network';
import { formatMac, macFromNumber } from '../../../../../src/net/mac-address';
import type { VirtualBoxVersion } from '../../../../../src/topology/resolved';
import { bytesOf, hexOf } from '../../../wire/bytes-of';
import {
  destinationOf,
  frameLine,
  frameProblems,
  IP,
  PAYLOAD,
  sourceOf,
  sumOf,
  toMac,
  tosOf,
} from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { natTopology } from '../../topologies';
import {
  clientFrame,
  dhcpOf,
  optionCodes,
  optionsOf,
  typeOf,
  yourAddressOf,
} from '../../stack/dhcp/dhcp-frames';
import { GATEWAY, GATEWAY_MAC, NatBench, VERSIONS } from './nat-bench';

/** Hexadecimal of text, and of zeros. */
const text = (letters: string) => hexOf(new TextEncoder().encode(letters));
const zeros = (count: number) => '00'.repeat(count);

interface Expected {
  readonly toMac: string;
  readonly fromMac: string;
  readonly identification: string;
  readonly to: string;
  readonly flags?: string;
  readonly ciaddr?: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly file?: string;
  readonly options: string;
}

/** A whole answer, byte for byte: 590 of them. */
function answerFrame(expected: Expected): string {
  const file = text(expected.file ?? '');
  const bootp = [
    '02 01 06 00 cafebabe 0000',
    expected.flags ?? '0000',
    expected.ciaddr ?? '00000000',
    expected.yiaddr,
    expected.siaddr,
    '00000000 080027000001',
    zeros(10),
    zeros(64),
    file,
    zeros(128 - file.length / 2),
    '63825363',
    expected.options,
    'ff',
  ].join('');
  const payload = bytesOf(bootp);
  const padding = zeros(548 - payload.length);
  const udp = `0043 0044 022c 0000 ${bootp}${padding}`;
  const pseudo = sumOf(bytesOf(`0a000202 ${expected.to} 0011 022c`));
  const udpSum = (0xffff - sumOf(bytesOf(udp), pseudo)).toString(16).padStart(4, '0');
  const header = `4510 0240 ${expected.identification} 0000 4011 0000 0a000202 ${expected.to}`;
  const headerSum = (0xffff - sumOf(bytesOf(header))).toString(16).padStart(4, '0');
  return hexOf(
    bytesOf(
      [
        `${expected.toMac} ${expected.fromMac} 0800`,
        header.replace('4011 0000', `4011 ${headerSum}`),
        udp.replace('022c 0000', `022c ${udpSum}`),
      ].join(''),
    ),
  );
}

const GUEST_MAC = macFromNumber(0x080027000001);
const me = { mac: GUEST_MAC, transactionId: 0xcafebabe };
const ask = (bench: NatBench, ...args: Parameters<typeof clientFrame>) => bench.ask(clientFrame(...args));

/** Lease of a day, mask, router; in the order of the release. */
const LEASE_TIME = '3304 00015180';
const MASK = '0104 ffffff00';
const ROUTER = '0304 0a000202';
const SERVER_ID = '3604 0a000202';

describe('OFFER and ACK of 7.2, every byte', () => {
  const options = (type: string) => `3501${type} ${SERVER_ID} ${MASK} ${ROUTER} 0604 0a000203 ${LEASE_TIME}`;
  const answer = {
    toMac: 'ffffffffffff',
    fromMac: '52550a000202',
    to: 'ffffffff',
    yiaddr: '0a00020f',
    siaddr: '0a000202',
  };

  it.each([false, true])('with the broadcast flag %s', broadcast => {
    const bench = new NatBench('7.2');
    const [offer] = ask(bench, 'discover', { ...me, broadcast });
    expect(offer).toHaveLength(590);
    expect(hexOf(offer!)).toBe(answerFrame({ ...answer, identification: '0000', options: options('02') }));
    const [ack] = ask(bench, 'request', { ...me, broadcast, requested: '10.0.2.15', server: GATEWAY });
    expect(hexOf(ack!)).toBe(answerFrame({ ...answer, identification: '0001', options: options('05') }));
  });
});

describe('OFFER and ACK of 7.0, every byte', () => {
  const options = (type: string) =>
    `3501${type} ${MASK} ${ROUTER} 0608 09090909 08080808 ${LEASE_TIME} ${SERVER_ID}`;
  const answer = { fromMac: '525400123502', yiaddr: '0a00020f', siaddr: '0a000204', file: 'nat-1.pxe' };

  it('to a client that takes unicast: to its hardware and new address', () => {
    const [offer] = ask(new NatBench('7.0'), 'discover', me);
    expect(hexOf(offer!)).toBe(
      answerFrame({
        ...answer,
        toMac: '080027000001',
        to: '0a00020f',
        identification: '0000',
        options: options('02'),
      }),
    );
  });

  it('to a client that wants a broadcast: to everyone, with its flag', () => {
    const [offer] = ask(new NatBench('7.0'), 'discover', { ...me, broadcast: true });
    expect(hexOf(offer!)).toBe(
      answerFrame({
        ...answer,
        toMac: 'ffffffffffff',
        to: 'ffffffff',
        flags: '8000',
        identification: '0000',
        options: options('02'),
      }),
    );
  });

  it('the ACK names the lease as the client’s address too', () => {
    const bench = new NatBench('7.0');
    ask(bench, 'discover', me);
    const [ack] = ask(bench, 'request', { ...me, requested: '10.0.2.15', server: GATEWAY });
    expect(hexOf(ack!)).toBe(
      answerFrame({
        ...answer,
        toMac: '080027000001',
        to: '0a00020f',
        ciaddr: '0a00020f',
        identification: '0001',
        options: options('05'),
      }),
    );
  });

  it('the ACK has the same options, and goes the same way', () => {
    const bench = new NatBench('7.0');
    ask(bench, 'discover', me);
    const [ack] = ask(bench, 'request', { ...me, requested: '10.0.2.15', server: GATEWAY });
    expect(optionCodes(ack!)).toEqual([53, 1, 3, 6, 51, 54]);
    expect([typeOf(ack!), toMac(ack!), destinationOf(ack!)]).toEqual([
      'ack',
      '08:00:27:00:00:01',
      '10.0.2.15',
    ]);
    expect(dhcpOf(ack!)).toMatchObject({ bootFile: 'nat-1.pxe', serverName: '' });
  });

  it('copies the relay’s address and the transaction', () => {
    const [offer] = ask(new NatBench('7.0'), 'discover', { ...me, relayAddress: '10.0.2.200' });
    expect(dhcpOf(offer!)).toMatchObject({ transactionId: 0xcafebabe, relayAddress: 0x0a0002c8, seconds: 0 });
    const [newer] = ask(new NatBench('7.2'), 'discover', { ...me, relayAddress: '10.0.2.200' });
    expect(dhcpOf(newer!).relayAddress).toBe(0);
  });

  it('hands out the engine’s own relay where the host knows no name server', () => {
    const bench = new NatBench('7.0');
    bench.stack.setNameServers([]);
    const [offer] = ask(bench, 'discover', me);
    expect(optionsOf(offer!).find(([code]) => code === 6)).toEqual([6, [10, 0, 2, 3]]);
  });
});

describe('the search domain of the host', () => {
  it.each<[VirtualBoxVersion, number[]]>([
    ['7.2', [53, 54, 1, 3, 6, 51, 15]],
    ['7.0', [53, 1, 3, 6, 15, 51, 54]],
  ])('stands where %s puts it', (version, codes) => {
    const plain = natTopology(version);
    const devices = plain.devices.map(device =>
      device.kind === 'router'
        ? { ...device, dhcpServers: device.dhcpServers.map(each => ({ ...each, domain: 'home.test' })) }
        : device,
    );
    const recorder = new Recorder();
    const network = createNetwork({ ...plain, devices }, { seed: 1, observer: recorder });
    network.boot();
    // The guest's second round comes when the host has its lease.
    network.runUntil(SECOND);
    network.stackOf('nat-1')!.startDhcpClient(network.stackOf('nat-1')!.interfaces[0]!);
    network.runUntil(2 * SECOND);
    const answers = recorder.sent.filter(
      ({ bytes, time }) => time > SECOND && bytes.length === 590 && sourceOf(bytes) === GATEWAY,
    );
    expect(answers.map(({ bytes }) => typeOf(bytes))).toEqual(['offer', 'ack']);
    for (const { bytes } of answers) {
      expect(optionCodes(bytes)).toEqual(codes);
      expect(optionsOf(bytes).find(([code]) => code === 15)![1]).toEqual([
        ...new TextEncoder().encode('home.test'),
      ]);
    }
  });
});

describe.each(VERSIONS)('leases of %s', version => {
  const other = (number: number) => ({ mac: macFromNumber(0x080027000100 + number) });

  it('begin at .15 and are kept for the hardware address for ever', () => {
    const bench = new NatBench(version);
    const address = (client: { mac: typeof GUEST_MAC }) => yourAddressOf(ask(bench, 'discover', client)[0]!);
    expect(address(me)).toBe('10.0.2.15');
    expect(address(other(1))).toBe('10.0.2.16');
    bench.run(30 * 86_400);
    expect([address(other(1)), address(me), address(other(2))]).toEqual([
      '10.0.2.16',
      '10.0.2.15',
      '10.0.2.17',
    ]);
  });

  it('are sixteen; a seventeenth client hears nothing until one is released', () => {
    const bench = new NatBench(version);
    const offers = Array.from({ length: 17 }, (_, number) => ask(bench, 'discover', other(number)));
    expect(offers.map(each => each.length)).toEqual([...Array<number>(16).fill(1), 0]);
    expect(yourAddressOf(offers[15]![0]!)).toBe('10.0.2.30');
    expect(bench.takeReasons()).toEqual(['dhcp-pool-exhausted']);
    // Released only by who names the right address.
    ask(bench, 'release', { ...other(3), clientAddress: '10.0.2.15' });
    expect(ask(bench, 'discover', other(16))).toEqual([]);
    ask(bench, 'release', { ...other(3), clientAddress: '10.0.2.18' });
    expect(yourAddressOf(ask(bench, 'discover', other(16))[0]!)).toBe('10.0.2.18');
  });

  it('are confirmed when a guest boots with the address it had, or renews it', () => {
    const bench = new NatBench(version);
    expect(typeOf(ask(bench, 'request', { ...me, requested: '10.0.2.15' })[0]!)).toBe('ack');
    const [renewed] = ask(bench, 'request', { ...me, clientAddress: '10.0.2.15' });
    expect([typeOf(renewed!), yourAddressOf(renewed!)]).toEqual(['ack', '10.0.2.15']);
  });

  it('of another network are refused, to everyone', () => {
    const [nak] = ask(new NatBench(version), 'request', { ...me, requested: '192.168.1.50' });
    expect([toMac(nak!), destinationOf(nak!), sourceOf(nak!)]).toEqual([
      'ff:ff:ff:ff:ff:ff',
      '255.255.255.255',
      GATEWAY,
    ]);
    expect(nak).toHaveLength(590);
    const reason = [...new TextEncoder().encode('requested address not available')];
    expect(optionsOf(nak!)).toEqual([[53, [6]], version === '7.2' ? [56, reason] : [54, [10, 0, 2, 2]]]);
    expect(dhcpOf(nak!).yourAddress).toBe(0);
  });

  it('of somebody else are refused', () => {
    const bench = new NatBench(version);
    ask(bench, 'discover', other(1));
    expect(ask(bench, 'request', { ...me, requested: '10.0.2.15' }).map(typeOf)).toEqual(['nak']);
  });

  it('every answer has right checksums, TOS 0x10, port 67 to 68, and comes from the gateway’s hardware address', () => {
    const bench = new NatBench(version);
    const answers = [
      ...ask(bench, 'discover', me),
      ...ask(bench, 'request', { ...me, requested: '10.0.2.15' }),
      ...ask(bench, 'request', { ...me, requested: '10.9.2.15' }),
    ];
    expect(answers).toHaveLength(3);
    for (const bytes of answers) {
      expect(frameProblems(bytes)).toEqual([]);
      expect([tosOf(bytes), bytes[IP + 8], bytes.length]).toEqual([0x10, 64, 590]);
      expect([...bytes.subarray(PAYLOAD, PAYLOAD + 4)]).toEqual([0, 67, 0, 68]);
      expect(hexOf(bytes.subarray(6, 12))).toBe(formatMac(GATEWAY_MAC[version]).replaceAll(':', ''));
    }
  });

  it('another server’s offer, a reply, a decline and noise get no answer, and are dropped with a reason', () => {
    const bench = new NatBench(version);
    expect(ask(bench, 'request', { ...me, requested: '10.0.2.15', server: '10.0.2.77' })).toEqual([]);
    expect(ask(bench, 'discover', { ...me, operation: 2 })).toEqual([]);
    expect(ask(bench, 'offer', me)).toEqual([]);
    expect(bench.ask(clientFrame('discover', me).fill(0, 42, 60))).toEqual([]);
    expect(bench.takeReasons()).toEqual([
      'dhcp-other-server',
      'dhcp-ignored',
      'dhcp-ignored',
      'checksum-wrong',
    ]);
  });
});

describe('leases of 7.0 alone', () => {
  it('may be any free address of the network that a guest asks for', () => {
    const ackFor = (version: VirtualBoxVersion) =>
      ask(new NatBench(version), 'request', { ...me, requested: '10.0.2.200' }).map(typeOf);
    expect([ackFor('7.0'), ackFor('7.2')]).toEqual([['ack'], ['nak']]);
  });

  it('are not given again once a guest found the address in use; who uses it is asked', () => {
    const bench = new NatBench('7.0');
    const stranger = { mac: macFromNumber(0x080027000101) };
    const [question] = ask(bench, 'decline', { ...stranger, requested: '10.0.2.15' });
    expect(frameLine(question!)).toBe('arp who-has 10.0.2.15 tell 10.0.2.2');
    expect(yourAddressOf(ask(bench, 'discover', me)[0]!)).toBe('10.0.2.16');
  });

  it('stay untouched when a guest with an address asks for the options', () => {
    const bench = new NatBench('7.0');
    const [answer] = ask(bench, 'inform', { ...me, clientAddress: '10.0.2.40' });
    expect([typeOf(answer!), destinationOf(answer!)]).toEqual(['ack', '10.0.2.40']);
    expect(yourAddressOf(ask(bench, 'discover', me)[0]!)).toBe('10.0.2.15');
  });
});

describe('a network of its own', () => {
  it('shifts every address', () => {
    for (const version of VERSIONS) {
      const bench = new NatBench(version, { network: { network: 0x0a000400 as never, length: 24 } });
      const [offer] = ask(bench, 'discover', me);
      expect([sourceOf(offer!), yourAddressOf(offer!)]).toEqual(['10.0.4.2', '10.0.4.15']);
      expect(hexOf(offer!.subarray(6, 12))).toBe(version === '7.2' ? '52550a000402' : '525400123502');
    }
  });
});
