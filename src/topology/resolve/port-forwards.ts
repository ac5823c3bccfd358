/** Port forwards in the notations that people and VirtualBox use. */
import { formatIp, parseIp, type IpAddress } from '../../net/ip-address';
import { UNSPECIFIED_IPV4 } from '../../net/ipv4-address';
import type { Report } from '../report';
import type { ResolvedPortForward, TopologyPath } from '../resolved';

/** `tcp 127.0.0.1:2222 -> 22` */
const ARROW = /^(tcp|udp)\s+(?:(\S+):)?(\d+)\s*->\s*(?:(\S+):)?(\d+)$/;

/** `ssh,tcp,127.0.0.1,2222,,22`, as `VBoxManage modifyvm --natpf1` takes it. */
const COMMAS = /^([^,]*),(tcp|udp),([^,]*),(\d+),([^,]*),(\d+)$/;

/** `ssh:tcp:[127.0.0.1]:2222:[10.0.2.4]:22`, as `VBoxManage natnetwork --port-forward-4` takes it. */
const COLONS = /^([^:,]*):(tcp|udp):\[([^\]]*)\]:(\d+):\[([^\]]*)\]:(\d+)$/;

interface WrittenForward {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly outsideAddress: string;
  readonly outsidePort: number;
  readonly insideAddress: string;
  readonly insidePort: number;
}

/**
 * Reads a list of forwards; of two with one name, or of one outside port, the second is reported, as VirtualBox refuses it
 * (NATEngineImpl.cpp).
 * @param guestKnown whether the inside may be left out, since the NAT engine knows its only guest
 */
export function readForwards(
  texts: readonly string[] | undefined,
  path: TopologyPath,
  guestKnown: boolean,
  report: Report,
): ResolvedPortForward[] {
  const found: ResolvedPortForward[] = [];
  (texts ?? []).forEach((text, index) => {
    const place = [...path, index];
    const written = parseForward(text);
    const forward = written && checkForward(written, text, place, guestKnown, report);
    if (forward === undefined) {
      return;
    }
    const twin = found.find(one => one.name === forward.name || isSameOutside(one, forward));
    if (twin === undefined) {
      found.push(forward);
    } else {
      const id = twin.name === forward.name ? 'duplicate-forward' : 'duplicate-forward/port';
      const value = twin.name === forward.name ? forward.name : `${forward.protocol} ${forward.outsidePort}`;
      report.add(id, place, [value], { related: { id: 'first-place', place: twin.source } });
    }
  });
  return found;
}

function parseForward(text: string): WrittenForward | undefined {
  const arrow = ARROW.exec(text);
  if (arrow !== null) {
    const [, protocol, outsideAddress = '', outsidePort, insideAddress = '', insidePort] = arrow;
    return forwardOf('', protocol, outsideAddress, outsidePort, insideAddress, insidePort);
  }
  const fields = COMMAS.exec(text) ?? COLONS.exec(text);
  if (fields === null) {
    return undefined;
  }
  const [, name = '', protocol, outsideAddress = '', outsidePort, insideAddress = '', insidePort] = fields;
  return forwardOf(name, protocol, outsideAddress, outsidePort, insideAddress, insidePort);
}

function forwardOf(
  name: string,
  protocol: string | undefined,
  outsideAddress: string,
  outsidePort: string | undefined,
  insideAddress: string,
  insidePort: string | undefined,
): WrittenForward {
  const kind = protocol === 'udp' ? 'udp' : 'tcp';
  return {
    // VirtualBox's name for a rule that has none (NATEngineImpl.cpp).
    name: name.trim() === '' ? `${kind}_${outsidePort ?? ''}_${insidePort ?? ''}` : name.trim(),
    protocol: kind,
    outsideAddress: outsideAddress.replace(/^\[|\]$/g, ''),
    outsidePort: Number(outsidePort),
    insideAddress: insideAddress.replace(/^\[|\]$/g, ''),
    insidePort: Number(insidePort),
  };
}

function checkForward(
  written: WrittenForward,
  text: string,
  place: TopologyPath,
  guestKnown: boolean,
  report: Report,
): ResolvedPortForward | undefined {
  const { name, protocol, outsidePort, insidePort } = written;
  if ([outsidePort, insidePort].some(port => port < 1 || port > 65_535)) {
    report.add('out-of-range', place, ['port', 1, 65_535]);
    return undefined;
  }
  const outside = addressOf(written.outsideAddress);
  const inside = addressOf(written.insideAddress);
  if (outside === 'wrong' || inside === 'wrong') {
    const wrong = outside === 'wrong' ? written.outsideAddress : written.insideAddress;
    report.add(wrong.includes(':') ? 'bad-address/ipv6' : 'bad-address', place, [wrong]);
    return undefined;
  }
  if (inside === undefined && !guestKnown) {
    report.add('forward-without-target', place, [text]);
    return undefined;
  }
  return {
    name,
    protocol,
    ...(outside !== undefined && { outsideAddress: outside }),
    outsidePort,
    ...(inside !== undefined && { insideAddress: inside }),
    insidePort,
    source: place,
  };
}

/** Blank, and 0.0.0.0, stand for every address. */
function addressOf(text: string): IpAddress | undefined | 'wrong' {
  if (text === '') {
    return undefined;
  }
  const address = parseIp(text);
  return address === undefined ? 'wrong' : address === UNSPECIFIED_IPV4 ? undefined : address;
}

function isSameOutside(one: ResolvedPortForward, other: ResolvedPortForward): boolean {
  return (
    one.protocol === other.protocol &&
    one.outsidePort === other.outsidePort &&
    (one.outsideAddress === undefined ||
      other.outsideAddress === undefined ||
      formatIp(one.outsideAddress) === formatIp(other.outsideAddress))
  );
}
