/** Echo requests with options in their IPv4 header, good ones and bad ones. */
import { parseIpv4, UNSPECIFIED_IPV4 } from '../../../src/net/ipv4-address';
import { ETHERNET_HEADER_BYTES } from '../../../src/wire/ethernet';
import { ICMP_HEADER_BYTES, ICMP_TYPE, writeEcho } from '../../../src/wire/icmp';
import { IP_PROTOCOL, IPV4_HEADER_BYTES, writeIpv4Header } from '../../../src/wire/ipv4';
import { bytesOf } from '../wire/bytes-of';

const DATA = 8;

/** An echo request from 10.1.0.2 to 10.3.0.2; the options end with zeros up to the next word. */
export function withOptions(hex: string): Uint8Array {
  const written = bytesOf(hex);
  const options = new Uint8Array((written.length + 3) & ~3);
  options.set(written);
  const message = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + options.length;
  const frame = new Uint8Array(message + ICMP_HEADER_BYTES + DATA);
  frame.set(bytesOf('0200000001fe 020000000101 0800'));
  writeIpv4Header(frame, ETHERNET_HEADER_BYTES, {
    totalLength: frame.length - ETHERNET_HEADER_BYTES,
    identification: 1,
    dontFragment: false,
    timeToLive: 64,
    typeOfService: 0,
    protocol: IP_PROTOCOL.icmp,
    source: parseIpv4('10.1.0.2') ?? UNSPECIFIED_IPV4,
    destination: parseIpv4('10.3.0.2') ?? UNSPECIFIED_IPV4,
    options,
  });
  writeEcho(
    frame,
    message,
    ICMP_TYPE.echoRequest,
    1,
    1,
    Uint8Array.from({ length: DATA }, (_, at) => at),
  );
  return frame;
}

export function optionFrames(): Readonly<Record<string, Uint8Array>> {
  const options = {
    'recorded route': '01 070f08 0a010001 00000000 00000000',
    'full route': '01 070708 0a010001',
    'times of day': '440c0900 00000001 00000000',
    'addresses and times': '44140d01 0a010001 00000100 00000000 00000000',
    'times of some': '441c0503 0a0c0002 00000000 0a030001 80000000 0a030002 00000000',
    'overflown times': '440809f0 00000001',
    'unknown flag of times': '440c0502 00000001 00000000',
    'router alert': '94040000',
    'router alert of another kind': '94040005',
    'stream identifier': '88040001',
    'unknown option': '96040000',
    'length of one': '07010404',
    'length beyond the header': '07080400',
    'pointer too small': '01 070703 00000000',
    'pointer into an address': '01 070805 0a010001 00',
    'route without room': '01 070304',
    'rubbish behind the end': '00aabbcc',
  };
  return Object.fromEntries(Object.entries(options).map(([name, hex]) => [name, withOptions(hex)]));
}
