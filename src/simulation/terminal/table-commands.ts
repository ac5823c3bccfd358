/** `arp` of net-tools, `bridge` of iproute2 and `conntrack` of conntrack-tools. */
import type { Connection } from '../../engine/stack/netfilter/conntrack/connection';
import type { Tuple } from '../../engine/stack/netfilter/conntrack/tuple';
import { kindOfTuple, trackedProtocolName } from '../../engine/stack/netfilter/conntrack/tuple-words';
import { isUsable } from '../../engine/stack/neighbour/neighbour-entry';
import { formatIp, type IpAddress } from '../../net/ip-address';
import { formatMac } from '../../net/mac-address';
import type { Command } from './command';

export const arp: Command = (_args, { network, device, print, ended }) => {
  const stack = network.stackOf(device);
  const lines = (stack?.interfaces ?? []).flatMap(on =>
    [...(stack?.arpOf(on)?.entries() ?? [])].map(({ address, entry }) => {
      const known = isUsable(entry)
        ? `${'ether'.padEnd(8)}${formatMac(entry.mac).padEnd(20)}${'C'.padEnd(6)}`
        : `${''.padEnd(8)}${'(incomplete)'.padEnd(20)}${''.padEnd(6)}`;
      return `${formatIp(address).padEnd(25)}${known} ${''.padEnd(15)}${on.name}\n`;
    }),
  );
  if (lines.length > 0) {
    print('Address                  HWtype  HWaddress           Flags Mask            Iface\n');
    lines.forEach(print);
  }
  ended();
  return undefined;
};

export const bridge: Command = (args, { network, device, print, ended }) => {
  const [object, command = 'show'] = args;
  if (object !== 'fdb' || !['show', 'list'].includes(command)) {
    print('Usage: bridge fdb [ show ]\n');
  } else {
    for (const { mac, vlan, port } of network.stationsOf(device)) {
      print(`${formatMac(mac)} dev ${port}${vlan === 0 ? '' : ` vlan ${vlan}`} master ${device} \n`);
    }
  }
  ended();
  return undefined;
};

export const conntrack: Command = (args, { network, device, print, ended }) => {
  if (args[0] !== '-L') {
    print('conntrack v1.4.7 (conntrack-tools): only -L is simulated\n');
    ended();
    return undefined;
  }
  const netfilter = network.netfilterOf(device);
  const { now } = network;
  const lines = [
    ...[...(netfilter?.connections.live(now) ?? [])].map(one => connectionLine(one, now)),
    ...[...(netfilter?.ipv6?.connections.live(now) ?? [])].map(one => connectionLine(one, now)),
  ];
  lines.forEach(line => {
    print(`${line}\n`);
  });
  print(`conntrack v1.4.7 (conntrack-tools): ${lines.length} flow entries have been shown.\n`);
  ended();
  return undefined;
};

function connectionLine<Address extends IpAddress>(connection: Connection<Address>, now: number): string {
  const { original, reply, replied, assured, tcp, expires } = connection;
  const name = (trackedProtocolName(original.protocol) ?? 'unknown').padEnd(8);
  return [
    `${name} ${original.protocol} ${Math.max(0, Math.round((expires - now) / 1e9))}`,
    ...(tcp === undefined ? [] : [tcp.state.replace('-', '_').toUpperCase()]),
    tupleText(original),
    ...(replied ? [] : ['[UNREPLIED]']),
    tupleText(reply),
    ...(assured ? ['[ASSURED]'] : []),
    'mark=0',
    'use=1',
  ].join(' ');
}

function tupleText<Address extends IpAddress>(tuple: Tuple<Address>): string {
  const { source, sourcePort, destination, destinationPort } = tuple;
  const ends = `src=${formatIp(source)} dst=${formatIp(destination)}`;
  switch (kindOfTuple(tuple)) {
    case 'ports':
      return `${ends} sport=${sourcePort} dport=${destinationPort}`;
    case 'query':
      return `${ends} type=${destinationPort >>> 8} code=${destinationPort & 0xff} id=${sourcePort}`;
    case 'addresses':
      return ends;
  }
}
