/** `ip` of iproute2 6.1: addresses, links, neighbours and routes of a machine. */
import type { NetworkInterface } from '../../engine/stack/network-interface';
import type { Stack } from '../../engine/stack/stack';
import {
  formatIp,
  formatIpInterfaceAddress,
  isIpv4InterfaceAddress,
  parseIp,
  type IpInterfaceAddress,
} from '../../net/ip-address';
import { formatIpv4 } from '../../net/ipv4-address';
import { lastAddressOf, prefixOf } from '../../net/ipv4-prefix';
import { isLinkLocalIpv6 } from '../../net/ipv6-address';
import { formatMac } from '../../net/mac-address';
import { isUsable } from '../../engine/stack/neighbour/neighbour-entry';
import { routeLines } from '../scenario/route-text';
import type { Command, CommandContext } from './command';

/** What is asked for, before its object. */
interface Manner {
  readonly version: 4 | 6 | undefined;
  /** `-br`: one line each. */
  readonly brief: boolean;
}

const USAGE = 'Usage: ip [ -4 | -6 | -br ] { address | link | neighbour | route } [ show [ dev NAME ] ]\n';

export const ip: Command = (args, context) => {
  const stack = context.network.stackOf(context.device);
  context.print(stack === undefined ? 'ip: this device has no TCP/IP stack\n' : ipText(args, context, stack));
  context.ended();
  return undefined;
};

function ipText(args: readonly string[], context: CommandContext, stack: Stack): string {
  const flags = args.filter(arg => arg.startsWith('-'));
  const unknown = flags.find(flag => !['-4', '-6', '-br', '-brief'].includes(flag));
  if (unknown !== undefined) {
    return `Option "${unknown}" is unknown, try "ip -help".\n`;
  }
  const manner: Manner = {
    version: flags.includes('-4') ? 4 : flags.includes('-6') ? 6 : undefined,
    brief: flags.includes('-br') || flags.includes('-brief'),
  };
  const [object = '', ...rest] = args.filter(arg => !arg.startsWith('-'));
  const show = rest[0];
  const isShow =
    show === undefined ||
    ['show', 'list', 'lst', 'dev'].some(word => word.startsWith(show) || (word === 'list' && show === 'ls'));
  const abbreviated = OBJECTS.find(name => object !== '' && name.startsWith(object));
  if (abbreviated === undefined) {
    return object === '' ? USAGE : `Object "${object}" is unknown, try "ip help".\n`;
  }
  if (abbreviated === 'route' && show === 'get') {
    return routeTo(rest[1], stack);
  }
  if (!isShow) {
    return `ip: "${show}" is not simulated: change the network in its file, or by \`set\` in a scenario.\n`;
  }
  const named = rest.includes('dev') ? rest[rest.indexOf('dev') + 1] : rest[1];
  const on = interfacesOf(stack);
  const chosen = named === undefined ? on : on.filter(({ name }) => name === named);
  if (chosen.length === 0) {
    return `Device "${named ?? ''}" does not exist.\n`;
  }
  switch (abbreviated) {
    case 'address':
      return chosen.map(one => addressText(one, manner)).join('');
    case 'link':
      return chosen.map(one => linkText(one, manner.brief)).join('');
    case 'neighbour':
      return neighbourLines(stack, manner, named)
        .map(line => `${line}\n`)
        .join('');
    case 'route':
      return routes(stack, manner, named)
        .map(line => `${line} \n`)
        .join('');
  }
}

/** As ip(8) abbreviates them: any beginning will do, the first that fits. */
const OBJECTS = ['address', 'link', 'neighbour', 'route'] as const;

/** An interface as `ip` lists it. */
interface Listed {
  readonly number: number;
  readonly name: string;
  readonly on: NetworkInterface | undefined;
  readonly addresses: readonly IpInterfaceAddress[];
}

/** The loopback interface is there before all others, also where the file does not name it. */
function interfacesOf(stack: Stack): readonly Listed[] {
  const others = stack.interfaces.filter(({ name }) => name !== 'lo');
  const lo = stack.interfaces.find(({ name }) => name === 'lo');
  const listed = others.map((on, index) => ({
    number: index + 2,
    name: on.name,
    on,
    addresses: stack.addressesOf(on),
  }));
  return [
    { number: 1, name: 'lo', on: undefined, addresses: lo === undefined ? [] : stack.addressesOf(lo) },
    ...listed,
  ];
}

function linkText({ number, name, on }: Listed, brief: boolean): string {
  if (on === undefined) {
    return brief
      ? `${pad('lo', 16)} ${pad('UNKNOWN', 14)} 00:00:00:00:00:00 <LOOPBACK,UP,LOWER_UP> \n`
      : `${number}: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n` +
          '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
  }
  const flags = flagsOf(on);
  if (brief) {
    return `${pad(name, 16)} ${pad(stateOf(on), 14)} ${on.resolvesNeighbours ? formatMac(on.mac) : ''} <${flags}> \n`;
  }
  return `${number}: ${name}: <${flags}> mtu ${on.mtu} qdisc noqueue state ${stateOf(on)} mode DEFAULT group default qlen 1000\n${hardware(on)}`;
}

function addressText({ number, name, on, addresses }: Listed, { version, brief }: Manner): string {
  const shown = addresses.filter(
    address => version === undefined || (version === 4) === isIpv4InterfaceAddress(address),
  );
  const loopback = on === undefined && version !== 6 ? ['127.0.0.1/8'] : [];
  if (brief) {
    const list = [...loopback, ...shown.map(formatIpInterfaceAddress)].map(text => `${text} `).join('');
    return `${pad(name, 16)} ${pad(on === undefined ? 'UNKNOWN' : stateOf(on), 14)} ${list}\n`;
  }
  if (version !== undefined && shown.length === 0 && loopback.length === 0) {
    return '';
  }
  const head =
    on === undefined
      ? `${number}: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n`
      : `${number}: ${name}: <${flagsOf(on)}> mtu ${on.mtu} qdisc noqueue state ${stateOf(on)} group default qlen 1000\n`;
  const link =
    version !== undefined
      ? ''
      : on === undefined
        ? '    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n'
        : hardware(on);
  const lines = [
    ...loopback.map(text => `    inet ${text} scope host lo\n`),
    ...shown.map(address => addressLine(address, name)),
  ].map(line => `${line}       valid_lft forever preferred_lft forever\n`);
  return head + link + lines.join('');
}

function addressLine(address: IpInterfaceAddress, name: string): string {
  const text = formatIpInterfaceAddress(address);
  if (!isIpv4InterfaceAddress(address)) {
    const scope = isLinkLocalIpv6(address.address) ? 'link' : 'global';
    return `    inet6 ${text} scope ${scope} \n`;
  }
  // Networks of two addresses have no broadcast (RFC 3021).
  const broadcast =
    address.prefixLength < 31
      ? ` brd ${formatIpv4(lastAddressOf(prefixOf(address.address, address.prefixLength)))}`
      : '';
  return `    inet ${text}${broadcast} scope global ${name}\n`;
}

function hardware(on: NetworkInterface): string {
  return on.resolvesNeighbours
    ? `    link/ether ${formatMac(on.mac)} brd ff:ff:ff:ff:ff:ff\n`
    : '    link/none \n';
}

function flagsOf(on: NetworkInterface): string {
  const kind = on.resolvesNeighbours ? ['BROADCAST', 'MULTICAST'] : ['POINTOPOINT', 'MULTICAST', 'NOARP'];
  return [
    ...(on.up && !on.running ? ['NO-CARRIER'] : []),
    ...kind,
    ...(on.up ? ['UP'] : []),
    ...(on.running ? ['LOWER_UP'] : []),
  ].join(',');
}

function stateOf(on: NetworkInterface): string {
  return on.running ? 'UP' : on.up ? 'LOWERLAYERDOWN' : 'DOWN';
}

function neighbourLines(stack: Stack, { version }: Manner, name: string | undefined): string[] {
  return stack.interfaces.flatMap(on => {
    if (name !== undefined && on.name !== name) {
      return [];
    }
    const ipv4 = version === 6 ? [] : [...(stack.arpOf(on)?.entries() ?? [])];
    const ipv6 = version === 4 ? [] : [...(stack.ipv6?.linkOf(on)?.cache?.entries() ?? [])];
    return [...ipv6, ...ipv4].map(({ address, entry, isRouter }) =>
      [
        formatIp(address),
        'dev',
        on.name,
        ...(isUsable(entry) ? ['lladdr', formatMac(entry.mac)] : []),
        ...(isRouter ? ['router'] : []),
        `${entry.state.toUpperCase()} `,
      ].join(' '),
    );
  });
}

function routes(stack: Stack, { version }: Manner, name: string | undefined): readonly string[] {
  const all = version === 6 ? ipv6Routes(stack) : routeLines(stack);
  return name === undefined ? all : all.filter(line => line.split(' ').includes(name));
}

function ipv6Routes(stack: Stack): readonly string[] {
  const origins = { connected: 'kernel', static: 'static', advertised: 'ra' } as const;
  return (stack.ipv6?.routes.all ?? []).map(({ to, via, on, metric, origin }) => {
    const network = formatIp(to.network);
    const destination = to.length === 0 ? 'default' : to.length === 128 ? network : `${network}/${to.length}`;
    const gateway = via === undefined ? '' : ` via ${formatIp(via)}`;
    return `${destination}${gateway} dev ${on.name} proto ${origins[origin]} metric ${metric} pref medium`;
  });
}

/** `ip route get`: the way to one destination. */
function routeTo(text: string | undefined, stack: Stack): string {
  const address = parseIp(text ?? '');
  if (address === undefined) {
    return `Error: any valid prefix is expected rather than "${text ?? ''}".\n`;
  }
  if (typeof address === 'bigint') {
    return 'ip: route get is simulated for IPv4\n';
  }
  if (stack.ip.isLocal(address)) {
    return `local ${formatIp(address)} dev lo src ${formatIp(address)} uid 0 \n    cache <local> \n`;
  }
  const route = stack.routes.lookup(address);
  if (route === undefined || route.type !== undefined) {
    return 'RTNETLINK answers: Network is unreachable\n';
  }
  const source = stack.ip.sender.sourceFor(route);
  const via = route.via === undefined ? '' : ` via ${formatIp(route.via)}`;
  return `${formatIp(address)}${via} dev ${route.on.name}${source === undefined ? '' : ` src ${formatIp(source)}`} uid 0 \n    cache \n`;
}

function pad(text: string, width: number): string {
  return text.padEnd(width);
}
