/** The Port Information state machine (IEEE 802.1D-2004 17.27): what a port knows of the way to the root, its own or received. */
import { compareBridgeIds, type ConfigurationBpdu, type RapidBpdu } from '../../../../../wire/stp';
import { BPDU_TICK } from '../spanning-tree';
import { compareDesignated } from '../stp-port';
import { sameTimes, type RstpPort, type RstpTimes } from './rstp-port';

/** Message age grows by this much with each bridge, in ns (17.13.9: 1 s). */
export const AGE_INCREMENT = 1_000_000_000;

/** Shortest hello time taken over from a message, in ns (17.21.15). */
const SHORTEST_HELLO = 1_000_000_000;

/** 17.21.8 to 17.21.17: a BPDU came in. */
export function receiveInformation(port: RstpPort, bpdu: ConfigurationBpdu | RapidBpdu, now: number): void {
  const role = bpdu.kind === 'configuration' ? 'designated' : bpdu.role;
  const compared = compareDesignated(bpdu, port.portPriority);
  const times = timesOf(bpdu);
  if (role === 'designated') {
    const samePort =
      compareBridgeIds(bpdu.bridge, port.portPriority.bridge) === 0 && bpdu.port === port.portPriority.port;
    const repeated = compared === 0 && sameTimes(times, port.portTimes) && port.infoIs === 'received';
    if (repeated) {
      recordProposal(port, bpdu);
      setTcFlags(port, bpdu);
      updateReceivedInfoWhile(port, now);
    } else if (compared < 0 || samePort || compared === 0) {
      port.agreed = false;
      port.proposing = false;
      recordProposal(port, bpdu);
      setTcFlags(port, bpdu);
      port.agree &&= port.infoIs === 'received' && compared <= 0;
      const { root, rootPathCost, bridge, port: designatedPort } = bpdu;
      port.portPriority = { root, rootPathCost, bridge, port: designatedPort };
      port.portTimes = times;
      updateReceivedInfoWhile(port, now);
      port.infoIs = 'received';
      port.reselect = true;
      port.selected = false;
    } else if (bpdu.kind === 'rapid' && bpdu.learning) {
      // recordDispute: somebody worse believes to be designated, and does not hear this port.
      port.disputed = true;
      port.agreed = false;
    }
  } else if (role !== 'unknown' && compared >= 0 && bpdu.kind === 'rapid') {
    // recordAgreement; every cable here joins two ports.
    port.agreed = bpdu.agreement;
    if (bpdu.agreement) {
      port.proposing = false;
    }
    setTcFlags(port, bpdu);
  }
}

/** State DISABLED, and AGED once the port is enabled. */
export function enableInformation(port: RstpPort, enabled: boolean): void {
  port.enabled = enabled;
  port.proposing = port.proposed = port.agree = port.agreed = false;
  port.rcvdInfoWhile = 0;
  port.infoIs = enabled ? 'aged' : 'disabled';
  port.reselect = true;
  port.selected = false;
}

/** States UPDATE and AGED; true when one was entered. */
export function stepInformation(port: RstpPort, now: number): boolean {
  if (!port.enabled) {
    return false;
  }
  if (port.selected && port.updtInfo) {
    port.proposing = false;
    port.proposed = false;
    port.agreed &&=
      port.infoIs === 'mine' && compareDesignated(port.designatedPriority, port.portPriority) <= 0;
    port.synced &&= port.agreed;
    port.portPriority = port.designatedPriority;
    port.portTimes = port.designatedTimes;
    port.updtInfo = false;
    port.infoIs = 'mine';
    port.newInfo = true;
    return true;
  }
  if (port.infoIs === 'received' && port.rcvdInfoWhile <= now && !port.updtInfo) {
    port.infoIs = 'aged';
    port.reselect = true;
    port.selected = false;
    return true;
  }
  return false;
}

function recordProposal(port: RstpPort, bpdu: ConfigurationBpdu | RapidBpdu): void {
  port.proposed ||= bpdu.kind === 'rapid' && bpdu.proposal;
}

function setTcFlags(port: RstpPort, bpdu: ConfigurationBpdu | RapidBpdu): void {
  port.rcvdTc ||= bpdu.topologyChange;
  port.rcvdTcAck ||= bpdu.topologyChangeAcknowledgment;
}

/** Three hello times, unless the information is too old already (17.21.23). */
function updateReceivedInfoWhile(port: RstpPort, now: number): void {
  const { messageAge, maximumAge, helloTime } = port.portTimes;
  port.rcvdInfoWhile = messageAge + AGE_INCREMENT <= maximumAge ? now + 3 * helloTime : now;
}

function timesOf(bpdu: ConfigurationBpdu | RapidBpdu): RstpTimes {
  return {
    messageAge: bpdu.messageAge * BPDU_TICK,
    maximumAge: bpdu.maximumAge * BPDU_TICK,
    helloTime: Math.max(bpdu.helloTime * BPDU_TICK, SHORTEST_HELLO),
    forwardDelay: bpdu.forwardDelay * BPDU_TICK,
  };
}
