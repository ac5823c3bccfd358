/** DHCP messages of tests, built and read. */
import { formatIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../../../src/net/ipv4-address';
import { BROADCAST_MAC, type MacAddress } from '../../../../../src/net/mac-address';
import { emitDhcp, parseDhcp, type DhcpMessage } from '../../../../../src/wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  messageTypeOption,
  readMessageType,
  type DhcpOption,
} from '../../../../../src/wire/dhcp-option';
import { udpFrame, type Ends } from '../../packets';
import { ip } from '../../topologies';

export type MessageName = keyof typeof DHCP_MESSAGE_TYPE;

/** The message in a frame; throws when there is none. */
export function dhcpOf(bytes: Uint8Array): DhcpMessage {
  const message = parseDhcp(bytes, 42, bytes.length - 42);
  if (typeof message === 'string') {
    throw new Error(message);
  }
  return message;
}

export function typeOf(bytes: Uint8Array): MessageName | undefined {
  const type = readMessageType(dhcpOf(bytes));
  return (Object.keys(DHCP_MESSAGE_TYPE) as MessageName[]).find(name => DHCP_MESSAGE_TYPE[name] === type);
}

/** Option codes in wire order, read by hand. */
export function optionCodes(bytes: Uint8Array): number[] {
  const codes: number[] = [];
  for (let at = 42 + 240; bytes[at] !== undefined && bytes[at] !== 255; at += 2 + bytes[at + 1]!) {
    codes.push(bytes[at]!);
  }
  return codes;
}

/** Every option with its data as numbers. */
export const optionsOf = (bytes: Uint8Array): [number, number[]][] =>
  dhcpOf(bytes).options.map(({ code, data }) => [code, [...data]]);

export const yourAddressOf = (bytes: Uint8Array): string => formatIpv4(dhcpOf(bytes).yourAddress);

export interface ClientMessage {
  readonly mac: MacAddress;
  readonly transactionId?: number;
  readonly broadcast?: boolean;
  readonly clientAddress?: string;
  readonly relayAddress?: string;
  /** Option 50. */
  readonly requested?: string;
  /** Option 54. */
  readonly server?: string;
  readonly more?: readonly DhcpOption[];
  readonly operation?: number;
}

/** A message of a client, in a frame to everyone unless `ends` says otherwise. */
export function clientFrame(type: MessageName, client: ClientMessage, ends?: Ends): Uint8Array {
  const { mac, requested, server } = client;
  const data = emitDhcp({
    operation: client.operation ?? 1,
    transactionId: client.transactionId ?? 0x12345678,
    seconds: 3,
    broadcast: client.broadcast ?? false,
    clientAddress: ip(client.clientAddress ?? '0.0.0.0'),
    yourAddress: UNSPECIFIED_IPV4,
    serverAddress: UNSPECIFIED_IPV4,
    relayAddress: ip(client.relayAddress ?? '0.0.0.0'),
    clientMac: mac,
    serverName: '',
    bootFile: '',
    options: [
      messageTypeOption(DHCP_MESSAGE_TYPE[type]),
      ...(requested === undefined ? [] : [addressOption(50, ip(requested))]),
      ...(server === undefined ? [] : [addressOption(54, ip(server))]),
      ...(client.more ?? []),
    ],
  });
  const everyone: Ends = {
    fromMac: mac,
    toMac: BROADCAST_MAC,
    from: ip(client.clientAddress ?? '0.0.0.0'),
    to: 0xffffffff as Ipv4Address,
  };
  return udpFrame(ends ?? everyone, 68, 67, data);
}
