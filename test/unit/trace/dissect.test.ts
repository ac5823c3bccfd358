import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissect, type PacketField } from '../../../src/trace/dissect/dissect';
import { FIELDS } from '../../../src/trace/dissect/registry';
import { classify, PROTOCOL_CLASSES } from '../../../src/trace/protocol-class';
import { LINK_TYPE } from '../../../src/trace/link-type';
import { sampleFrames } from './sample-frames';

const frames = sampleFrames();

/** Every line of the tree, outer ones first. */
function flatten(layers: readonly PacketField[]): readonly PacketField[] {
  return layers.flatMap(layer => [layer, ...flatten(layer.children ?? [])]);
}

function valueOf(layers: readonly PacketField[], name: string): string | undefined {
  return flatten(layers).find(line => line.name === name)?.value;
}

describe('the dissector', () => {
  it('fills the columns as Wireshark does', () => {
    const columns = (name: keyof typeof frames): readonly string[] => {
      const { source, destination, protocol, info } = dissect(frames[name]).columns;
      return [source, destination, protocol, info];
    };
    expect(columns('arp request')).toEqual([
      '08:00:27:00:00:01',
      'Broadcast',
      'ARP',
      'Who has 10.0.2.2? Tell 10.0.2.15',
    ]);
    expect(columns('arp reply')[3]).toBe('10.0.2.2 is at 52:55:0a:00:02:02');
    expect(columns('echo request')).toEqual([
      '10.0.2.15',
      '203.0.113.10',
      'ICMP',
      'Echo (ping) request  id=0x1234, seq=1/256, ttl=64',
    ]);
    expect(columns('time exceeded')[3]).toBe('Time-to-live exceeded (Time to live exceeded in transit)');
    expect(columns('dhcp offer').slice(2)).toEqual(['DHCP', 'DHCP Offer    - Transaction ID 0x12345678']);
    expect(columns('dns query')[3]).toBe('Standard query 0xbeef A web.example');
    expect(columns('dns answer')[3]).toBe('Standard query response 0xbeef A web.example A 203.0.113.10');
    expect(columns('tcp syn')[3]).toBe(
      '50000 → 80 [SYN] Seq=1000 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=7 TSecr=0 WS=128',
    );
    expect(columns('fragment')[3]).toBe('Fragmented IP protocol (proto=UDP 17, off=1480, ID=1c46)');
  });

  it('says what a line of the details says, and where its bytes are', () => {
    const { layers } = dissect(frames['echo request']);
    expect(layers.map(layer => layer.text)).toEqual([
      'Ethernet II, Src: 08:00:27:00:00:01, Dst: 52:55:0a:00:02:02',
      'Internet Protocol Version 4, Src: 10.0.2.15, Dst: 203.0.113.10',
      'Internet Control Message Protocol',
      'Data (56 bytes)',
    ]);
    const lines = flatten(layers);
    const line = (name: string) => lines.find(candidate => candidate.name === name);
    expect(line('ip.flags.df')?.text).toBe(".1.. .... = Don't fragment: Set");
    expect(line('ip.hdr_len')?.text).toBe('Header Length: 20 bytes (5)');
    expect(line('ip.proto')).toMatchObject({ text: 'Protocol: ICMP (1)', start: 23, length: 1, value: '1' });
    expect(line('ip.checksum')?.text).toMatch(/^Header Checksum: 0x[0-9a-f]{4} \[correct\]$/);
    expect(line('eth.dst')?.children?.map(child => child.text)).toEqual([
      'Address: 52:55:0a:00:02:02',
      '.... ..1. .... .... .... .... = LG bit: Locally administered address (this is NOT the factory default)',
      '.... ...0 .... .... .... .... = IG bit: Individual address (unicast)',
    ]);
  });

  it('shows the packet that an ICMP error quotes inside of it', () => {
    const { layers, columns } = dissect(frames['time exceeded']);
    expect(columns.source).toBe('10.0.2.2');
    const icmp = layers.find(layer => layer.name === 'icmp');
    expect(icmp?.children?.filter(child => child.children !== undefined).map(child => child.name)).toEqual([
      'ip',
      'udp',
      'data',
    ]);
    expect(flatten(layers).filter(line => line.problem !== undefined)).toEqual([]);
  });

  it('reads the options of a lease', () => {
    const { layers } = dissect(frames['dhcp offer']);
    expect(valueOf(layers, 'dhcp.option.router')).toBe('10.0.2.2');
    expect(valueOf(layers, 'dhcp.option.ip_address_lease_time')).toBe('86400');
    const lease = flatten(layers).find(line => line.name === 'dhcp.option.ip_address_lease_time');
    expect(lease?.text).toBe('IP Address Lease Time: (86400s) 1 day');
  });

  it('names a wrong checksum or length where it stands', () => {
    const problems = (frame: Uint8Array): readonly string[] =>
      flatten(dissect(frame).layers)
        .filter(line => line.problem !== undefined)
        .map(line => line.name);
    const changed = (name: keyof typeof frames, at: number): Uint8Array => {
      const frame = frames[name].slice();
      frame[at] = (frame[at] ?? 0) ^ 1;
      return frame;
    };
    for (const frame of Object.values(frames)) {
      expect(problems(frame)).toEqual([]);
    }
    expect(problems(changed('echo request', 24))).toEqual(['ip.checksum']);
    expect(problems(changed('echo request', 60))).toEqual(['icmp.checksum']);
    expect(problems(changed('dns query', 60))).toEqual(['udp.checksum']);
    expect(problems(changed('tcp syn', 48))).toEqual(['tcp.checksum']);
    expect(problems(frames['echo request'].subarray(0, 60))).toEqual(['ip.len']);
    expect(problems(frames['echo request'].subarray(0, 30))).toEqual(['_ws.malformed']);
  });

  it('has declared every field that has a value', () => {
    for (const frame of Object.values(frames)) {
      for (const line of flatten(dissect(frame).layers)) {
        if (line.value !== undefined) {
          expect(FIELDS.get(line.name)?.name).toBe(line.name);
        }
      }
    }
  });

  it('makes a tree of any bytes, with ranges inside the frame', () => {
    const samples = Object.values(frames);
    const anyFrame = fc
      .tuple(
        fc.nat(samples.length - 1),
        fc.nat(1500),
        fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 40 }),
      )
      .map(([index, cut, changes, tail]) => {
        const frame = new Uint8Array([...samples[index]!.slice(0, cut), ...tail]);
        for (const [at, value] of changes) {
          frame[at] = value;
        }
        return frame;
      });
    fc.assert(
      fc.property(fc.oneof(anyFrame, fc.uint8Array({ maxLength: 120 })), frame => {
        const { layers } = dissect(frame);
        for (const line of flatten(layers)) {
          expect(line.start).toBeGreaterThanOrEqual(0);
          expect(line.length).toBeGreaterThanOrEqual(0);
          expect(line.start + line.length).toBeLessThanOrEqual(frame.length);
        }
        expect(PROTOCOL_CLASSES).toContain(classify(frame));
      }),
      { numRuns: 600 },
    );
  });

  it('tells the kind of a frame at a glance', () => {
    const kinds = Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, classify(frame)]));
    expect(kinds).toMatchObject({
      'arp request': 'arp',
      'echo request': 'icmp',
      'time exceeded': 'icmp',
      'dhcp discover': 'dhcp',
      'dhcp offer': 'dhcp',
      'dns query': 'dns',
      'dns answer': 'dns',
      'tcp syn': 'tcp',
      'udp datagram': 'udp',
      fragment: 'udp',
      'tagged echo': 'icmp',
      'spanning tree': 'stp',
      'ipv6 echo': 'ipv6',
    });
    expect(classify(new Uint8Array(3))).toBe('other');
  });

  it('tells the kind of a bare IP packet', () => {
    const kindOf = (name: keyof typeof frames) => classify(frames[name].subarray(14), LINK_TYPE.raw);
    expect(kindOf('echo request')).toBe('icmp');
    expect(kindOf('dns query')).toBe('dns');
    expect(kindOf('ipv6 echo')).toBe('ipv6');
    expect(kindOf('arp request')).toBe('other');
    expect(classify(new Uint8Array(0), LINK_TYPE.raw)).toBe('other');
  });
});
