/** The Topology Change state machine (IEEE 802.1D-2004 17.31): tells the others when a port begins to forward, and who forgets what. */
import type { RstpPort } from './rstp-port';

const SECOND = 1_000_000_000;

/** Makes one transition; true when there was one. `flush` forgets the stations of a port. */
export function stepTopologyChange(
  port: RstpPort,
  ports: readonly RstpPort[],
  now: number,
  flush: (port: RstpPort) => void,
): boolean {
  const active = port.role === 'root' || port.role === 'designated';
  if (!port.tcActive) {
    if (active && port.forward && !port.operEdge) {
      // DETECTED
      port.tcActive = true;
      startTcWhile(port, now);
      propagate(port, ports);
      port.newInfo = true;
      return true;
    }
    return forgetNotices(port);
  }
  if (!active || port.operEdge || !port.learn) {
    // LEARNING, and INACTIVE for a port that is closed.
    port.tcActive = false;
    if (!port.learn) {
      flush(port);
      port.tcWhile = 0;
      port.tcAck = false;
    }
    forgetNotices(port);
    return true;
  }
  if (port.rcvdTcn || port.rcvdTc) {
    if (port.rcvdTcn) {
      startTcWhile(port, now);
      port.tcAck = port.role === 'designated';
    }
    port.rcvdTcn = false;
    port.rcvdTc = false;
    propagate(port, ports);
    return true;
  }
  if (port.tcProp) {
    startTcWhile(port, now);
    flush(port);
    port.tcProp = false;
    return true;
  }
  if (port.rcvdTcAck) {
    port.tcWhile = 0;
    port.rcvdTcAck = false;
    return true;
  }
  return false;
}

/** newTcWhile (17.21.7). */
function startTcWhile(port: RstpPort, now: number): void {
  if (port.tcWhile > now) {
    return;
  }
  const { helloTime, maximumAge, forwardDelay } = port.designatedTimes;
  if (port.sendRstp) {
    port.tcWhile = now + helloTime + SECOND;
    port.newInfo = true;
  } else {
    port.tcWhile = now + maximumAge + forwardDelay;
  }
}

/** setTcPropTree (17.21.18). */
function propagate(from: RstpPort, ports: readonly RstpPort[]): void {
  for (const port of ports) {
    port.tcProp ||= port !== from;
  }
}

function forgetNotices(port: RstpPort): boolean {
  const any = port.rcvdTc || port.rcvdTcn || port.rcvdTcAck || port.tcProp;
  port.rcvdTc = port.rcvdTcn = port.rcvdTcAck = port.tcProp = false;
  return any;
}
