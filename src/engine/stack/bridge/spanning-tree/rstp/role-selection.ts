/** The Port Role Selection state machine (IEEE 802.1D-2004 17.28): which port leads to the root, and what the others do. */
import { compareBridgeIds, type BridgeId } from '../../../../../wire/stp';
import { compareDesignated, type DesignatedInformation } from '../stp-port';
import { AGE_INCREMENT } from './port-information';
import { sameTimes, type RstpPort, type RstpTimes } from './rstp-port';

export interface RootChoice {
  readonly root: BridgeId;
  readonly rootPathCost: number;
  /** Undefined in the root itself. */
  readonly port: RstpPort | undefined;
}

/** updtRolesTree and setSelectedTree (17.21.25, 17.21.16). */
export function selectPortRoles(ports: readonly RstpPort[], own: BridgeId, ownTimes: RstpTimes): RootChoice {
  const rootPort = bestRootPort(ports, own);
  const root = rootPort?.portPriority.root ?? own;
  const rootPathCost = rootPort === undefined ? 0 : rootPort.portPriority.rootPathCost + rootPort.pathCost;
  const times =
    rootPort === undefined
      ? ownTimes
      : { ...rootPort.portTimes, messageAge: rootPort.portTimes.messageAge + AGE_INCREMENT };
  for (const port of ports) {
    port.designatedPriority = { root, rootPathCost, bridge: own, port: port.identifier };
    port.designatedTimes = times;
    selectRole(port, rootPort, own);
    port.reselect = false;
    port.selected = true;
  }
  return { root, rootPathCost, port: rootPort };
}

function selectRole(port: RstpPort, rootPort: RstpPort | undefined, own: BridgeId): void {
  port.updtInfo = false;
  switch (port.infoIs) {
    case 'disabled':
      port.selectedRole = 'disabled';
      return;
    case 'aged':
      port.updtInfo = true;
      port.selectedRole = 'designated';
      return;
    case 'mine':
      port.updtInfo =
        compareDesignated(port.portPriority, port.designatedPriority) !== 0 ||
        !sameTimes(port.portTimes, port.designatedTimes);
      port.selectedRole = 'designated';
      return;
    case 'received':
      if (port === rootPort) {
        port.selectedRole = 'root';
      } else if (compareDesignated(port.designatedPriority, port.portPriority) < 0) {
        port.selectedRole = 'designated';
        port.updtInfo = true;
      } else {
        port.selectedRole = compareBridgeIds(port.portPriority.bridge, own) === 0 ? 'backup' : 'alternate';
      }
  }
}

function bestRootPort(ports: readonly RstpPort[], own: BridgeId): RstpPort | undefined {
  let best: RstpPort | undefined;
  for (const port of ports) {
    const { bridge, root } = port.portPriority;
    const candidate =
      port.infoIs === 'received' && compareBridgeIds(bridge, own) !== 0 && compareBridgeIds(root, own) < 0;
    if (candidate && (best === undefined || compareThrough(port, best) < 0)) {
      best = port;
    }
  }
  return best;
}

/** Compares root path priority vectors (17.5). */
function compareThrough(one: RstpPort, other: RstpPort): number {
  const through = ({ portPriority, pathCost }: RstpPort): DesignatedInformation => ({
    ...portPriority,
    rootPathCost: portPriority.rootPathCost + pathCost,
  });
  return compareDesignated(through(one), through(other)) || one.identifier - other.identifier;
}
