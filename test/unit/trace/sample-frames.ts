/** One frame of each kind the project speaks, built by its own wire code. */
import { parseIpv4, UNSPECIFIED_IPV4, BROADCAST_IPV4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { BROADCAST_MAC, parseMac, UNKNOWN_MAC, type MacAddress } from '../../../src/net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp } from '../../../src/wire/arp';
import { internetChecksum, onesComplementSum } from '../../../src/wire/checksum';
import { emitDhcp } from '../../../src/wire/dhcp';
import * as dhcp from '../../../src/wire/dhcp-option';
import { DNS_RCODE, emitDns, type DnsMessage } from '../../../src/wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../src/wire/dns-record';
import { ETHERTYPE, ETHERNET_HEADER_BYTES, writeEthernetHeader } from '../../../src/wire/ethernet';
import * as icmp from '../../../src/wire/icmp';
import {
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  writeIpv4Header,
  type Ipv4HeaderFields,
} from '../../../src/wire/ipv4';
import { TCP_FLAG, writeTcp } from '../../../src/wire/tcp';
import { UDP_HEADER_BYTES, UDP_PORT, writeUdp } from '../../../src/wire/udp';
import { bytesOf } from '../wire/bytes-of';
import { query } from '../wire/dns-query';

const ip = (text: string): Ipv4Address => parseIpv4(text)!;
const mac = (text: string): MacAddress => parseMac(text)!;

const GUEST_MAC = mac('08:00:27:00:00:01');
const ENGINE_MAC = mac('52:55:0a:00:02:02');
const GUEST = ip('10.0.2.15');
const ENGINE = ip('10.0.2.2');
const RESOLVER = ip('10.0.2.3');
const WEB = ip('203.0.113.10');

const IP_AT = ETHERNET_HEADER_BYTES;
const PAYLOAD_AT = IP_AT + IPV4_HEADER_BYTES;

type IpOptions = Partial<Ipv4HeaderFields> & { readonly from?: MacAddress; readonly to?: MacAddress };

/** An IPv4 frame; `fill` writes the payload. */
function ipFrame(
  protocol: number,
  source: Ipv4Address,
  destination: Ipv4Address,
  payloadLength: number,
  fill: (frame: Uint8Array, at: number) => void,
  options: IpOptions = {},
): Uint8Array {
  const frame = new Uint8Array(PAYLOAD_AT + payloadLength);
  writeEthernetHeader(frame, options.to ?? ENGINE_MAC, options.from ?? GUEST_MAC, ETHERTYPE.ipv4);
  fill(frame, PAYLOAD_AT);
  writeIpv4Header(frame, IP_AT, {
    totalLength: IPV4_HEADER_BYTES + payloadLength,
    identification: 0x1c46,
    dontFragment: false,
    timeToLive: 64,
    typeOfService: 0,
    protocol,
    source,
    destination,
    ...options,
  });
  return frame;
}

function udpFrame(
  source: Ipv4Address,
  destination: Ipv4Address,
  sourcePort: number,
  destinationPort: number,
  payload: Uint8Array,
  options: IpOptions = {},
): Uint8Array {
  const fill = (frame: Uint8Array, at: number): void => {
    frame.set(payload, at + UDP_HEADER_BYTES);
    writeUdp(frame, at, source, destination, sourcePort, destinationPort, payload.length);
  };
  return ipFrame(IP_PROTOCOL.udp, source, destination, UDP_HEADER_BYTES + payload.length, fill, options);
}

function arpFrame(operation: number): Uint8Array {
  const request = operation === ARP_OPERATION.request;
  const frame = new Uint8Array(IP_AT + ARP_BYTES);
  const [target, sender] = request ? [BROADCAST_MAC, GUEST_MAC] : [GUEST_MAC, ENGINE_MAC];
  writeEthernetHeader(frame, target, sender, ETHERTYPE.arp);
  emitArp(
    {
      operation,
      senderMac: sender,
      senderIp: request ? GUEST : ENGINE,
      targetMac: request ? UNKNOWN_MAC : GUEST_MAC,
      targetIp: request ? ENGINE : GUEST,
    },
    frame,
    IP_AT,
  );
  return frame;
}

const ECHO_DATA = Uint8Array.from({ length: 56 }, (_, index) => index);

function echoFrame(type: number, source: Ipv4Address, destination: Ipv4Address): Uint8Array {
  const fill = (frame: Uint8Array, at: number): void => {
    icmp.writeEcho(frame, at, type, 0x1234, 1, ECHO_DATA);
  };
  return ipFrame(IP_PROTOCOL.icmp, source, destination, 64, fill, { dontFragment: true });
}

/** An error from the engine about a datagram of the guest. */
function errorFrame(type: number, code: number, rest: number): Uint8Array {
  const cause = udpFrame(GUEST, WEB, 40000, 33434, ECHO_DATA.subarray(0, 20), { timeToLive: 1 });
  const quoted = cause.subarray(IP_AT);
  const fill = (frame: Uint8Array, at: number): void => {
    icmp.writeIcmpError(frame, at, type, code, rest, quoted);
  };
  return ipFrame(IP_PROTOCOL.icmp, ENGINE, GUEST, 8 + quoted.length, fill, {
    typeOfService: 0xc0,
    timeToLive: 255,
    from: ENGINE_MAC,
    to: GUEST_MAC,
  });
}

const LEASE = {
  transactionId: 0x12345678,
  seconds: 0,
  broadcast: false,
  clientAddress: UNSPECIFIED_IPV4,
  yourAddress: UNSPECIFIED_IPV4,
  serverAddress: UNSPECIFIED_IPV4,
  relayAddress: UNSPECIFIED_IPV4,
  clientMac: GUEST_MAC,
  serverName: '',
  bootFile: '',
};

function discoverFrame(): Uint8Array {
  const { DHCP_OPTION } = dhcp;
  const message = emitDhcp({
    ...LEASE,
    operation: 1,
    options: [
      dhcp.messageTypeOption(dhcp.DHCP_MESSAGE_TYPE.discover),
      dhcp.uint16Option(DHCP_OPTION.maximumMessageSize, 576),
      dhcp.bytesOption(DHCP_OPTION.parameterRequestList, 1, 3, 6, 12, 15, 28, 42),
      dhcp.textOption(DHCP_OPTION.hostName, 'nat-1'),
      dhcp.textOption(DHCP_OPTION.vendorClass, 'udhcp 1.35.0'),
      dhcp.bytesOption(DHCP_OPTION.clientIdentifier, 1, 8, 0, 0x27, 0, 0, 1),
    ],
  });
  const { dhcpClient, dhcpServer } = UDP_PORT;
  return udpFrame(UNSPECIFIED_IPV4, BROADCAST_IPV4, dhcpClient, dhcpServer, message, { to: BROADCAST_MAC });
}

function offerFrame(): Uint8Array {
  const { DHCP_OPTION } = dhcp;
  const message = emitDhcp(
    {
      ...LEASE,
      operation: 2,
      yourAddress: GUEST,
      serverAddress: ENGINE,
      bootFile: 'nat-1.pxe',
      options: [
        dhcp.messageTypeOption(dhcp.DHCP_MESSAGE_TYPE.offer),
        dhcp.addressOption(DHCP_OPTION.serverIdentifier, ENGINE),
        dhcp.addressOption(DHCP_OPTION.subnetMask, ip('255.255.255.0')),
        dhcp.addressOption(DHCP_OPTION.router, ENGINE),
        dhcp.addressOption(DHCP_OPTION.domainNameServer, RESOLVER),
        dhcp.secondsOption(DHCP_OPTION.leaseTime, 86400),
        dhcp.textOption(DHCP_OPTION.domainName, 'example'),
      ],
    },
    { minimumBytes: 548 },
  );
  const { dhcpClient, dhcpServer } = UDP_PORT;
  return udpFrame(ENGINE, BROADCAST_IPV4, dhcpServer, dhcpClient, message, {
    from: ENGINE_MAC,
    to: BROADCAST_MAC,
    typeOfService: 0x10,
  });
}

const QUESTION = query('web.example', DNS_TYPE.a, { id: 0xbeef });

function record(name: string, type: number, data: DnsRecord['data']): DnsRecord {
  return { name, type, class: DNS_CLASS.internet, ttl: 3600, data };
}

const answerFrame = (message: Partial<DnsMessage>): Uint8Array =>
  udpFrame(
    RESOLVER,
    GUEST,
    UDP_PORT.dns,
    40000,
    emitDns({ ...QUESTION, response: true, recursionAvailable: true, ...message }),
    { from: ENGINE_MAC, to: GUEST_MAC },
  );

function synFrame(): Uint8Array {
  const options = bytesOf('020405b4 0402 080a 00000007 00000000 01 030307');
  const fields = {
    sourcePort: 50000,
    destinationPort: 80,
    sequence: 1000,
    acknowledgment: 0,
    flags: TCP_FLAG.syn,
    window: 64240,
    options,
  };
  const fill = (frame: Uint8Array, at: number): void => {
    writeTcp(frame, at, GUEST, WEB, fields, 0);
  };
  return ipFrame(IP_PROTOCOL.tcp, GUEST, WEB, 40, fill, { dontFragment: true });
}

function dataFrame(): Uint8Array {
  const text = new TextEncoder().encode('hello');
  const fields = {
    sourcePort: 4000,
    destinationPort: 5000,
    sequence: 4294967295,
    acknowledgment: 7,
    flags: TCP_FLAG.psh | TCP_FLAG.ack,
    window: 502,
  };
  const fill = (frame: Uint8Array, at: number): void => {
    frame.set(text, at + 20);
    writeTcp(frame, at, GUEST, WEB, fields, text.length);
  };
  return ipFrame(IP_PROTOCOL.tcp, GUEST, WEB, 20 + text.length, fill);
}

/** The frame with an IEEE 802.1Q tag for VLAN 10. */
function tagged(frame: Uint8Array): Uint8Array {
  return new Uint8Array([...frame.subarray(0, 12), 0x81, 0x00, 0x00, 0x0a, ...frame.subarray(12)]);
}

function ipv6EchoFrame(): Uint8Array {
  const frame = bytesOf(
    `33330000 0001 080027000001 86dd 60000000 000c 3a ff
     fe80000000000000 0a0027fffe000001 ff02000000000000 0000000000000001 8000 0000 1234 0001 61626364`,
  );
  const pseudo = onesComplementSum(frame, 22, 32, 58 + 12);
  const checksum = internetChecksum(frame, 54, 12, pseudo);
  frame[56] = checksum >>> 8;
  frame[57] = checksum & 0xff;
  return frame;
}

function spanningTreeFrame(): Uint8Array {
  const frame = new Uint8Array(60);
  frame.set(
    bytesOf(
      `0180c2000000 0200000000f1 0026 424203 0000 00 00 00 8000 0200000000f0 00000000 8000 0200000000f0 8001 0000
       1400 0200 0f00`,
    ),
  );
  return frame;
}

/** Named so that a failed test says which one it was. */
export function sampleFrames() {
  const answer = record('web.example', DNS_TYPE.a, { kind: 'ipv4', address: WEB });
  const padded = new Uint8Array(64);
  padded.set(arpFrame(ARP_OPERATION.reply));
  const noChecksum = udpFrame(GUEST, WEB, 40000, 9, ECHO_DATA.subarray(0, 6));
  noChecksum.fill(0, PAYLOAD_AT + 6, PAYLOAD_AT + 8);
  return {
    'arp request': arpFrame(ARP_OPERATION.request),
    'arp reply': arpFrame(ARP_OPERATION.reply),
    'padded arp reply': padded,
    'echo request': echoFrame(icmp.ICMP_TYPE.echoRequest, GUEST, WEB),
    'echo reply': echoFrame(icmp.ICMP_TYPE.echoReply, WEB, GUEST),
    'time exceeded': errorFrame(icmp.ICMP_TYPE.timeExceeded, 0, 0),
    'fragmentation needed': errorFrame(icmp.ICMP_TYPE.destinationUnreachable, 4, 1400),
    'port unreachable': errorFrame(icmp.ICMP_TYPE.destinationUnreachable, 3, 0),
    redirect: errorFrame(icmp.ICMP_TYPE.redirect, 1, WEB),
    'dhcp discover': discoverFrame(),
    'dhcp offer': offerFrame(),
    'dns query': udpFrame(GUEST, RESOLVER, 40000, UDP_PORT.dns, emitDns(QUESTION)),
    'dns answer': answerFrame({ answers: [answer] }),
    'dns no such name': answerFrame({
      rcode: DNS_RCODE.nameError,
      authorities: [
        record('example', DNS_TYPE.soa, {
          kind: 'start-of-authority',
          primary: 'ns.example',
          mailbox: 'admin.example',
          serial: 1,
          refresh: 7200,
          retry: 3600,
          expire: 1209600,
          minimum: 300,
        }),
      ],
    }),
    'dns many records': answerFrame({
      authoritative: true,
      answers: [
        record('www.example', DNS_TYPE.cname, { kind: 'name', name: 'web.example' }),
        answer,
        record('web.example', DNS_TYPE.aaaa, {
          kind: 'ipv6',
          address: bytesOf('20010db8 00000000 00000000 0000000a'),
        }),
        record('example', DNS_TYPE.mx, { kind: 'mail-exchange', preference: 10, name: 'mail.example' }),
        record('example', DNS_TYPE.txt, { kind: 'text', strings: [new TextEncoder().encode('v=spf1 -all')] }),
      ],
      authorities: [record('example', DNS_TYPE.ns, { kind: 'name', name: 'ns.example' })],
    }),
    'dns reverse': answerFrame({
      questions: [{ name: '10.113.0.203.in-addr.arpa', type: DNS_TYPE.ptr, class: DNS_CLASS.internet }],
      answers: [record('10.113.0.203.in-addr.arpa', DNS_TYPE.ptr, { kind: 'name', name: 'web.example' })],
    }),
    'udp datagram': udpFrame(GUEST, WEB, 40000, 9, ECHO_DATA.subarray(0, 6)),
    'udp without checksum': noChecksum,
    'tcp syn': synFrame(),
    'tcp data': dataFrame(),
    fragment: ipFrame(
      IP_PROTOCOL.udp,
      GUEST,
      WEB,
      20,
      (frame, at) => {
        frame.set(ECHO_DATA.subarray(0, 20), at);
      },
      { fragmentOffset: 1480 },
    ),
    'tagged echo': tagged(echoFrame(icmp.ICMP_TYPE.echoRequest, GUEST, WEB)),
    'spanning tree': spanningTreeFrame(),
    'ipv6 echo': ipv6EchoFrame(),
  };
}
