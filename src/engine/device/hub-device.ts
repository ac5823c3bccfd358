/**
 * A hub repeats every frame to all other ports (IEEE 802.3-2018 clause 27, one level up: whole frames, each cable at its own rate and in
 * both directions at once). Half duplex and collisions are not modelled.
 */
import type { Frame } from '../kernel/frame';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { StormGuard } from '../stack/bridge/storm-guard';

export class HubDevice implements FrameReceiver {
  private readonly ports: Port[] = [];
  private readonly storms = new StormGuard();

  constructor(private readonly simulator: Simulator) {}

  addPort(port: Port): void {
    this.ports.push(port);
  }

  receive(frame: Frame, from: Port): void {
    if (this.storms.circles(frame, this.simulator.now)) {
      this.simulator.drop(from.number, frame, 'broadcast-storm');
      return;
    }
    for (const port of this.ports) {
      if (port !== from && port.carrier) {
        port.send(frame);
      }
    }
  }
}
