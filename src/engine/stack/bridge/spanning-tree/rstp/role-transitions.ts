/**
 * The Port Role Transitions state machine (IEEE 802.1D-2004 17.29): proposals, agreements and waiting until a port may learn and forward.
 * Each call makes one transition and tells whether there was one.
 */
import type { PortRole } from '../spanning-tree';
import type { RstpPort } from './rstp-port';

/** MigrateTime (table 17-1), in ns. */
export const MIGRATE_TIME = 3_000_000_000;

export function stepRole(port: RstpPort, ports: readonly RstpPort[], now: number): boolean {
  if (!port.selected || port.updtInfo) {
    return false;
  }
  if (port.role !== port.selectedRole) {
    changeRole(port, now);
    return true;
  }
  switch (port.role) {
    case 'disabled':
      return stepDisabled(port);
    case 'root':
      return stepRoot(port, ports, now);
    case 'designated':
      return stepDesignated(port, now);
    case 'alternate':
    case 'backup':
      return stepAlternate(port, ports);
  }
}

/** What the timers that a role holds at their start begin to count when it ends, and what blocks at once. */
function changeRole(port: RstpPort, now: number): void {
  const { helloTime, forwardDelay, maximumAge } = port.designatedTimes;
  switch (port.role) {
    case 'root':
      port.rrWhile = now + forwardDelay;
      break;
    case 'disabled':
      port.fdWhile = now + maximumAge;
      break;
    case 'backup':
      port.rbWhile = now + 2 * helloTime;
      port.fdWhile = now + port.forwardDelay;
      break;
    case 'alternate':
      port.fdWhile = now + port.forwardDelay;
      break;
    case 'designated':
      break;
  }
  port.role = port.selectedRole;
  if (blocks(port.role)) {
    port.learn = false;
    port.forward = false;
    port.rrWhile = 0;
    port.synced = true;
    port.sync = false;
    port.reRoot = false;
  }
}

function blocks(role: PortRole): boolean {
  return role === 'disabled' || role === 'alternate' || role === 'backup';
}

function stepDisabled(port: RstpPort): boolean {
  return settle(port);
}

function stepAlternate(port: RstpPort, ports: readonly RstpPort[]): boolean {
  return agreeWithProposal(port, ports) || settle(port);
}

/** A blocked port is always in step with the others. */
function settle(port: RstpPort): boolean {
  if (!port.sync && !port.reRoot && port.synced) {
    return false;
  }
  port.sync = false;
  port.reRoot = false;
  port.synced = true;
  return true;
}

/** ROOT_PROPOSED, ROOT_AGREED and the same of alternate ports. */
function agreeWithProposal(port: RstpPort, ports: readonly RstpPort[]): boolean {
  if (port.proposed && !port.agree) {
    for (const each of ports) {
      each.sync = true;
    }
    port.proposed = false;
    return true;
  }
  if ((allSynced(ports) && !port.agree) || (port.proposed && port.agree)) {
    port.proposed = false;
    port.sync = false;
    port.agree = true;
    port.newInfo = true;
    return true;
  }
  return false;
}

function allSynced(ports: readonly RstpPort[]): boolean {
  return ports.every(
    ({ selected, role, selectedRole, synced, updtInfo }) =>
      selected && !updtInfo && role === selectedRole && (role === 'root' || synced),
  );
}

function stepRoot(port: RstpPort, ports: readonly RstpPort[], now: number): boolean {
  if (agreeWithProposal(port, ports)) {
    return true;
  }
  if (!port.forward && !port.reRoot) {
    for (const each of ports) {
      each.reRoot = true;
    }
    return true;
  }
  if (port.reRoot && port.forward) {
    port.reRoot = false;
    return true;
  }
  const reRooted = ports.every(each => each === port || (each.role !== 'root' && each.rrWhile <= now));
  return (port.fdWhile <= now || (reRooted && port.rbWhile <= now && port.sendRstp)) && open(port, now);
}

function stepDesignated(port: RstpPort, now: number): boolean {
  if (!port.forward && !port.agreed && !port.proposing && !port.operEdge) {
    port.proposing = true;
    port.edgeDelayWhile = now + MIGRATE_TIME;
    port.newInfo = true;
    return true;
  }
  const inStep = (!port.learn && !port.forward) || port.agreed || port.operEdge;
  if ((inStep && !port.synced) || (port.sync && port.synced)) {
    port.rrWhile = 0;
    port.synced = true;
    port.sync = false;
    return true;
  }
  if (port.reRoot && port.rrWhile <= now) {
    port.reRoot = false;
    return true;
  }
  const mustWait = (port.sync && !port.synced) || (port.reRoot && port.rrWhile > now) || port.disputed;
  if (mustWait && !port.operEdge && (port.learn || port.forward)) {
    port.learn = false;
    port.forward = false;
    port.disputed = false;
    port.fdWhile = now + port.forwardDelay;
    return true;
  }
  const may = port.fdWhile <= now || port.agreed || port.operEdge;
  const wasForwarding = port.forward;
  if (may && (port.rrWhile <= now || !port.reRoot) && !port.sync && open(port, now)) {
    if (port.forward && !wasForwarding) {
      port.agreed = port.sendRstp;
    }
    return true;
  }
  return false;
}

/** One step further: learning, then forwarding. */
function open(port: RstpPort, now: number): boolean {
  if (!port.learn) {
    port.learn = true;
    port.fdWhile = now + port.forwardDelay;
    return true;
  }
  if (!port.forward) {
    port.forward = true;
    port.fdWhile = 0;
    return true;
  }
  return false;
}
