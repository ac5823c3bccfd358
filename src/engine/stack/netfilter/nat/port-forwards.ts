/** Ports of the outside that lead to the inside: destination NAT. */
import { isIpv4 } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import type { ResolvedPortForward } from '../../../../topology/resolved';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import type { Tuple } from '../conntrack/tuple';

export class PortForwards {
  private readonly disabled = new Set<string>();

  constructor(private readonly forwards: readonly ResolvedPortForward[]) {}

  /** Switches the forward of this name on or off for connections to come; false when there is none. */
  enable(name: string, enabled: boolean): boolean {
    if (enabled) {
      this.disabled.delete(name);
    } else {
      this.disabled.add(name);
    }
    return this.forwards.some(forward => forward.name === name);
  }

  /** Where a packet to an outside address leads; undefined when no forward is for it. */
  find(
    tuple: Tuple,
    isOutside: (address: Ipv4Address) => boolean,
  ): { readonly address: Ipv4Address; readonly port: number } | undefined {
    for (const { name, protocol, outsideAddress, outsidePort, insideAddress, insidePort } of this.forwards) {
      if (
        tuple.protocol === IP_PROTOCOL[protocol] &&
        tuple.destinationPort === outsidePort &&
        !this.disabled.has(name) &&
        insideAddress !== undefined &&
        isIpv4(insideAddress) &&
        (outsideAddress === undefined ? isOutside(tuple.destination) : tuple.destination === outsideAddress)
      ) {
        return { address: insideAddress, port: insidePort };
      }
    }
    return undefined;
  }
}
