/** Which port leads to the root, and for which LANs this bridge does (IEEE 802.1D-1998 8.6.8 and 8.6.9). */
import { compareBridgeIds, type BridgeId } from '../../../../wire/stp';
import type { PortRole } from './spanning-tree';
import type { DesignatedInformation, StpPort } from './stp-port';

/** The best port towards a better bridge; undefined when this bridge is the root. */
export function selectRootPort(ports: readonly StpPort[], own: BridgeId): StpPort | undefined {
  let best: StpPort | undefined;
  for (const port of ports) {
    const candidate =
      port.state !== 'disabled' && !port.isDesignated && compareBridgeIds(own, port.designated.root) > 0;
    if (candidate && (best === undefined || compareWays(port, best) < 0)) {
      best = port;
    }
  }
  return best;
}

/** Whether this bridge is a better way to the root than what is heard on the port's LAN (Linux br_should_become_designated_port). */
export function shouldBecomeDesignated(port: StpPort, own: Omit<DesignatedInformation, 'port'>): boolean {
  const { designated } = port;
  if (port.isDesignated || compareBridgeIds(designated.root, own.root) !== 0) {
    return true;
  }
  const compared =
    own.rootPathCost - designated.rootPathCost ||
    compareBridgeIds(own.bridge, designated.bridge) ||
    port.identifier - designated.port;
  return compared < 0;
}

/** RSTP's name for what the port does: a blocked port is a backup where the LAN's designated port is of the same bridge. */
export function stpPortRole(port: StpPort, rootPort: StpPort | undefined, own: BridgeId): PortRole {
  if (port.state === 'disabled') {
    return 'disabled';
  }
  if (port === rootPort) {
    return 'root';
  }
  if (port.isDesignated) {
    return 'designated';
  }
  return compareBridgeIds(port.designated.bridge, own) === 0 ? 'backup' : 'alternate';
}

function compareWays(one: StpPort, other: StpPort): number {
  const [a, b] = [one.designated, other.designated];
  return (
    compareBridgeIds(a.root, b.root) ||
    a.rootPathCost + one.pathCost - (b.rootPathCost + other.pathCost) ||
    compareBridgeIds(a.bridge, b.bridge) ||
    a.port - b.port ||
    one.identifier - other.identifier
  );
}
