import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber, parseIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import * as icmp from '../../../src/wire/icmp';
import * as tcp from '../../../src/wire/tcp';
import { tcpOptions } from '../../../src/wire/tcp-option';
import * as udp from '../../../src/wire/udp';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const address = (text: string): Ipv4Address => parseIpv4(text)!;
const anyAddress = fc.nat(0xffffffff).map(ipv4FromNumber);
const port = fc.nat(65535);

describe('ICMP', () => {
  const ECHO = '0800 2168 1234 0001 616263';

  it('writes and reads an echo request', () => {
    const b = new Uint8Array(11);
    expect(icmp.writeEcho(b, 0, icmp.ICMP_TYPE.echoRequest, 0x1234, 1, bytesOf('616263'))).toBe(11);
    expect(icmp.checkIcmp(b, 0, 11)).toBeUndefined();
    expect(icmp.icmpType(b, 0)).toBe(8);
    expect(icmp.icmpCode(b, 0)).toBe(0);
    expect(icmp.echoIdentifier(b, 0)).toBe(0x1234);
    expect(icmp.echoSequence(b, 0)).toBe(1);
    expect(hexOf(b)).toBe(hexOf(bytesOf(ECHO)));
  });

  it('turns a request into the reply that would have been written', () => {
    const payload = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(port, port, port, payload, (identifier, sequence, other, data) => {
        const { inside, untouched } = windowOf(new Uint8Array(8 + data.length));
        icmp.writeEcho(inside, 0, icmp.ICMP_TYPE.echoRequest, identifier, sequence, data);
        icmp.setIcmpType(inside, 0, icmp.ICMP_TYPE.echoReply, 0);
        icmp.setEchoIdentifier(inside, 0, other);
        expect(icmp.checkIcmp(inside, 0, inside.length)).toBeUndefined();
        expect(icmp.echoIdentifier(inside, 0)).toBe(other);
        expect(icmp.echoSequence(inside, 0)).toBe(sequence);
        expect(untouched()).toBe(true);
      }),
    );
  });

  it('writes an error with the packet it speaks of', () => {
    const b = new Uint8Array(12);
    const { destinationUnreachable } = icmp.ICMP_TYPE;
    const { fragmentationNeeded } = icmp.UNREACHABLE_CODE;
    icmp.writeIcmpError(b, 0, destinationUnreachable, fragmentationNeeded, 1400, bytesOf('45000000'));
    expect(hexOf(b)).toBe('0304b2830000057845000000');
    expect(icmp.icmpRest(b, 0)).toBe(1400);
    expect(icmp.checkIcmp(b, 0, 12)).toBeUndefined();
  });

  it('judges length and checksum', () => {
    expect(icmp.checkIcmp(bytesOf('0800 f7ff 0000'), 0, 6)).toBe('truncated');
    expect(icmp.checkIcmp(bytesOf('0800 f7fe 0000 0000'), 0, 8)).toBe('bad-checksum');
  });
});

describe('UDP', () => {
  const source = address('10.0.2.15');
  const destination = address('10.0.2.3');

  it('writes a datagram around data in place, and reads it', () => {
    const b = bytesOf('0000 0000 0000 0000 68690a');
    udp.writeUdp(b, 0, source, destination, 40000, 53, 3);
    expect(udp.sourcePort(b, 0)).toBe(40000);
    expect(udp.destinationPort(b, 0)).toBe(53);
    expect(udp.udpLength(b, 0)).toBe(11);
    expect(udp.checkUdp(b, 0, 11, source, destination)).toBeUndefined();
    expect(udp.checkUdp(b, 0, 40, source, destination)).toBeUndefined();
    expect(udp.checkUdp(b, 0, 10, source, destination)).toBe('truncated');
    expect(udp.checkUdp(b, 0, 7, source, destination)).toBe('truncated');
    expect(udp.checkUdp(b, 0, 11, source, source)).toBe('bad-checksum');
    b[5] = 7;
    expect(udp.checkUdp(b, 0, 11, source, destination)).toBe('bad-length');
  });

  it('sends a checksum that comes out as 0 as all ones (RFC 768)', () => {
    const zero = ipv4FromNumber(0);
    const b = new Uint8Array(10);
    // The pseudo header gives 17 + 10, the header 10; this payload fills the sum up to 0xffff.
    b[8] = (0xffff - 37) >>> 8;
    b[9] = (0xffff - 37) & 255;
    udp.writeUdp(b, 0, zero, zero, 0, 0, 2);
    expect(udp.udpChecksum(b, 0)).toBe(0xffff);
    expect(udp.checkUdp(b, 0, 10, zero, zero)).toBeUndefined();
  });

  it('keeps the checksum right through a NAT, and one not in use at 0', () => {
    const data = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(
        anyAddress,
        anyAddress,
        anyAddress,
        fc.array(port, { minLength: 4, maxLength: 4 }),
        data,
        (
          from,
          to,
          outside,
          [sourcePort = 0, destinationPort = 0, newSource = 0, newDestination = 0],
          bytes,
        ) => {
          const { inside, untouched } = windowOf(new Uint8Array(8 + bytes.length));
          inside.set(bytes, 8);
          udp.writeUdp(inside, 0, from, to, sourcePort, destinationPort, bytes.length);
          udp.adjustUdpForAddress(inside, 0, from, outside);
          udp.setUdpSourcePortWithChecksum(inside, 0, newSource);
          udp.setUdpDestinationPortWithChecksum(inside, 0, newDestination);
          const recomputed = inside.slice();
          udp.writeUdp(recomputed, 0, outside, to, newSource, newDestination, bytes.length);
          expect(hexOf(inside)).toBe(hexOf(recomputed));
          expect(untouched()).toBe(true);

          inside[6] = 0;
          inside[7] = 0;
          udp.adjustUdpForAddress(inside, 0, outside, from);
          udp.setUdpSourcePortWithChecksum(inside, 0, sourcePort);
          expect(udp.udpChecksum(inside, 0)).toBe(0);
          expect(udp.sourcePort(inside, 0)).toBe(sourcePort);
          expect(udp.checkUdp(inside, 0, inside.length, from, to)).toBeUndefined();
        },
      ),
    );
  });
});

describe('TCP', () => {
  /** The options of a Linux SYN. */
  const OPTIONS = bytesOf('020405b4 0402 080a 00000001 00000000 01 030307');

  it('writes a SYN and reads it with its options', () => {
    const source = address('10.0.2.15');
    const destination = address('203.0.113.10');
    const b = new Uint8Array(40);
    const fields = {
      sourcePort: 50000,
      destinationPort: 80,
      sequence: 0xfffffffe,
      acknowledgment: 0,
      flags: tcp.TCP_FLAG.syn,
      window: 64240,
      options: OPTIONS,
    };
    expect(tcp.writeTcp(b, 0, source, destination, fields, 0)).toBe(40);
    expect(tcp.checkTcp(b, 0, 40, source, destination)).toBeUndefined();
    expect(tcp.tcpSequence(b, 0)).toBe(0xfffffffe);
    expect(tcp.tcpHeaderLength(b, 0)).toBe(40);
    expect(tcp.tcpFlags(b, 0)).toBe(tcp.TCP_FLAG.syn);
    expect(tcp.tcpWindow(b, 0)).toBe(64240);
    expect([...tcpOptions(b, 0)].map(found => found.option)).toEqual([
      { kind: 'maximum-segment-size', size: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 1, echo: 0 },
      { kind: 'no-operation' },
      { kind: 'window-scale', shift: 7 },
    ]);
    b[12] = 0x40;
    expect(tcp.checkTcp(b, 0, 40, source, destination)).toBe('bad-header-length');
    expect(tcp.checkTcp(b, 0, 19, source, destination)).toBe('truncated');
  });

  it('reads SACK blocks and stops at an option that does not fit', () => {
    const b = new Uint8Array(40);
    b[12] = 0xa0;
    b.set(bytesOf('050a 00000001 00000002 ff03 01 0206 0102'), 20);
    expect([...tcpOptions(b, 0)].map(found => found.option)).toEqual([
      { kind: 'sack', blocks: [{ left: 1, right: 2 }] },
      { kind: 'other', number: 255 },
      { kind: 'other', number: 2 },
      { kind: 'end' },
    ]);
    b.set(bytesOf('0500'), 20);
    expect([...tcpOptions(b, 0)]).toEqual([]);
  });

  it('keeps the checksum right through a NAT', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyAddress, port, port, (from, to, outside, one, two) => {
        const b = new Uint8Array(23);
        const fields = {
          sourcePort: 1,
          destinationPort: 2,
          sequence: 3,
          acknowledgment: 4,
          flags: 0x18,
          window: 5,
        };
        tcp.writeTcp(b, 0, from, to, fields, 3);
        tcp.adjustTcpForAddress(b, 0, from, outside);
        tcp.setTcpSourcePortWithChecksum(b, 0, one);
        tcp.setTcpDestinationPortWithChecksum(b, 0, two);
        expect(tcp.checkTcp(b, 0, 23, outside, to)).toBeUndefined();
        expect([tcp.tcpSourcePort(b, 0), tcp.tcpDestinationPort(b, 0)]).toEqual([one, two]);
      }),
    );
  });

  it('walks any options within their header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        for (const found of tcpOptions(bytes, 0)) {
          expect(found.at + found.length).toBeLessThanOrEqual(bytes.length);
        }
      }),
    );
  });
});
