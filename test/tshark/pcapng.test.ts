import { describe, expect, it } from 'vitest';
import { dropReasonCode, type DropReason } from '../../src/engine/kernel/drop-reason';
import { createNetwork } from '../../src/engine/network';
import { parseIpv4 } from '../../src/net/ipv4-address';
import { captureOf } from '../../src/simulation/capture';
import { PacketStore } from '../../src/trace/packet-store';
import { writePcapng } from '../../src/trace/pcapng';
import { readCapture } from '../../src/trace/pcap-reader';
import { vpn } from '../unit/engine/tunnels';
import { sampleFrames } from '../unit/trace/sample-frames';
import { assertCleanCapture, complaintsOf, runWireshark, tsharkFields, withCaptureFile } from './tshark';

/** A cable from 0 to 1 and one from 2 to 3; port 4 has none. */
const PORTS = [
  { name: 'vm1:enp0s3', description: 'adapter 1', peer: 1 },
  { name: 'vm1:1/nat:guest', description: 'VirtualBox NAT', peer: 0 },
  { name: 'laptop:eth0', description: '', peer: 3 },
  { name: 'home:1', description: '', peer: 2 },
  { name: 'spare:eth0', description: '', peer: -1 },
];

const reasonText = (code: number): string =>
  code === dropReasonCode('ttl-expired') ? 'ttl-expired — its time to live ran out' : `reason ${code}`;

const frames = Object.values(sampleFrames());

/** Every kind of frame once over the first cable, 1 µs apart from 1 s on, under way for 700 ns. */
function storeOfFrames(): PacketStore {
  const store = new PacketStore<string>({ reasonCode: reason => dropReasonCode(reason as 'ttl-expired') });
  frames.forEach((bytes, id) => {
    const departure = 1_000_000_000 + id * 1000;
    store.transmitted(departure, departure + 700, 0, { bytes, id }, -1);
  });
  return store;
}

describe('a capture file of the trace', () => {
  it('is read by tshark without a complaint, whatever protocol it holds', () => {
    withCaptureFile(writePcapng(storeOfFrames(), PORTS, reasonText), file => {
      assertCleanCapture(file);
      const rows = tsharkFields(file, [
        'frame.time_epoch',
        'frame.interface_name',
        'frame.interface_description',
      ]);
      expect(rows.length).toBe(frames.length * 2);
      expect(rows.slice(0, 3)).toEqual([
        [['1.000000000'], ['vm1:enp0s3'], ['adapter 1']],
        [['1.000000700'], ['vm1:1/nat:guest'], ['VirtualBox NAT']],
        [['1.000001000'], ['vm1:enp0s3'], ['adapter 1']],
      ]);
    });
  });

  it('names its maker and its capture points', () => {
    withCaptureFile(writePcapng(storeOfFrames(), PORTS, reasonText), file => {
      const about = runWireshark('capinfos', [file]);
      expect(about).toContain('Capture application: Virtual Network Designer');
      expect(about).toContain('Number of interfaces in file: 5');
      expect(about).toMatch(/File timestamp precision: *nanoseconds/);
    });
  });

  it('says by direction where a packet left and where it arrived, and by comments what was dropped', () => {
    const store = storeOfFrames();
    const first = store.count;
    const frame = { bytes: frames[0]!, id: 1000 };
    const other = { bytes: frames[1]!, id: 1001 };
    // Arrives and is dropped by the receiver.
    store.transmitted(2e9, 2e9 + 700, 2, frame, -1);
    store.dropped(2e9 + 700, 3, frame, 'ttl-expired', first);
    // Lost on the cable.
    store.transmitted(3e9, Number.NaN, 2, frame, -1);
    store.dropped(3e9, 2, frame, 'cable-loss', first + 2);
    // Never sent.
    store.dropped(4e9, 4, other, 'port-unconnected', -1);
    // Forwarded frame, dropped at the full queue of another port.
    store.transmitted(5e9, 5e9 + 700, 0, other, -1);
    store.dropped(5e9 + 700, 2, other, 'queue-full', first + 5);
    const expected = [
      ['2.000000000', 'laptop:eth0', '0x00000002', ''],
      ['2.000000700', 'home:1', '0x00000001', 'dropped: ttl-expired — its time to live ran out'],
      ['3.000000000', 'laptop:eth0', '0x00000002', `dropped: reason ${dropReasonCode('cable-loss')}`],
      ['4.000000000', 'spare:eth0', '0x00000002', `dropped: reason ${dropReasonCode('port-unconnected')}`],
      ['5.000000000', 'vm1:enp0s3', '0x00000002', ''],
      ['5.000000700', 'vm1:1/nat:guest', '0x00000001', ''],
      ['5.000000700', 'laptop:eth0', '0x00000002', `dropped: reason ${dropReasonCode('queue-full')}`],
    ];
    withCaptureFile(writePcapng(store, PORTS, reasonText), file => {
      const fields = ['frame.time_epoch', 'frame.interface_name', 'frame.packet_flags', 'frame.comment'];
      const rows = tsharkFields(file, fields).slice(frames.length * 2);
      expect(rows.map(row => row.map(cell => cell[0] ?? ''))).toEqual(expected);
    });
    const { packets, problem } = readCapture(writePcapng(store, PORTS, reasonText));
    expect(problem).toBeUndefined();
    expect(packets.slice(frames.length * 2).map(packet => packet.comments[0] ?? '')).toEqual(
      expected.map(row => row[3]),
    );
  });

  it('has what the user wrote about a packet where it first appears, beside what became of it', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    const frame = { bytes: frames[0]!, id: 1 };
    store.transmitted(1e9, 1e9 + 700, 2, frame, -1);
    // Arrives and is dropped by the receiver; lost on the cable; never sent.
    store.transmitted(2e9, 2e9 + 700, 2, frame, -1);
    store.dropped(2e9 + 700, 3, frame, 'ttl-expired', 1);
    store.transmitted(3e9, Number.NaN, 2, frame, -1);
    store.dropped(3e9, 2, frame, 'cable-loss', 3);
    store.dropped(4e9, 4, frame, 'port-unconnected', -1);
    const reason = (name: DropReason): string => `dropped: ${reasonText(dropReasonCode(name))}`;
    const capture = writePcapng(store, PORTS, reasonText, record => `on ${record} — 客户机`);
    withCaptureFile(capture, file => {
      const rows = tsharkFields(file, ['frame.time_epoch', 'frame.comment']);
      expect(rows).toEqual([
        [['1.000000000'], ['on 0 — 客户机']],
        [['1.000000700'], []],
        [['2.000000000'], ['on 1 — 客户机']],
        [['2.000000700'], [reason('ttl-expired'), 'on 2 — 客户机']],
        [['3.000000000'], [reason('cable-loss'), 'on 3 — 客户机', 'on 4 — 客户机']],
        [['4.000000000'], [reason('port-unconnected'), 'on 5 — 客户机']],
      ]);
    });
  });

  it('is sorted by time although frames that wait in a queue are recorded before they leave', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    const bytes = frames[0]!;
    for (let id = 0; id < 500; id += 1) {
      const departure = ((id * 7919) % 500) * 1000;
      store.transmitted(departure, departure + 12_345, id % 4, { bytes, id }, -1);
    }
    const { packets } = readCapture(writePcapng(store, PORTS, reasonText));
    expect(packets.length).toBe(1000);
    expect(packets.every((packet, index) => index === 0 || packet.time >= packets[index - 1]!.time)).toBe(
      true,
    );
  });

  it('tells ports that carry bare IP from those of Ethernet', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    const network = createNetwork(vpn(), { seed: 1, observer: store });
    network.boot();
    const target = { kind: 'address', address: parseIpv4('10.8.0.2')! } as const;
    network.ping('a', target, { count: 2, within: 1e9 }, () => undefined);
    network.runUntil(5e9);
    withCaptureFile(captureOf(store, network.ports), file => {
      assertCleanCapture(file);
      const rows = tsharkFields(file, ['frame.interface_name', 'frame.encap_type', 'frame.protocols']);
      const kinds = new Set(rows.map(row => row.map(cell => cell[0] ?? '').join(' ')));
      // 1 is Ethernet and 7 raw IP to Wireshark's wiretap library. Nobody knows the protocol of port 5555.
      expect([...kinds].sort()).toEqual([
        'a:eth0 1 eth:ethertype:arp',
        'a:eth0 1 eth:ethertype:ip:udp:data',
        'a:vpn0 7 raw:ip:icmp:data',
        'a:vpn:device 7 raw:ip:icmp:data',
        'b:eth0 1 eth:ethertype:arp',
        'b:eth0 1 eth:ethertype:ip:udp:data',
        'b:vpn0 7 raw:ip:icmp:data',
        'b:vpn:device 7 raw:ip:icmp:data',
      ]);
      expect(rows.length).toBe((4 + 2 + 4 + 4) * 2);
    });
  });

  it('makes tshark complain when a checksum is wrong, so that silence means something', () => {
    const store = new PacketStore({ reasonCode: dropReasonCode });
    const frame = sampleFrames()['dns query'].slice();
    frame[60] = (frame[60] ?? 0) ^ 1;
    store.transmitted(0, 1, 0, { bytes: frame, id: 0 }, -1);
    withCaptureFile(writePcapng(store, PORTS, reasonText), file => {
      expect(complaintsOf(file).length).toBe(2);
      expect(() => {
        assertCleanCapture(file);
      }).toThrow(/tshark complains/);
    });
  });
});
