/** Whether a packet from outside may come from where it says: Linux's fib_validate_source (RFC 1812 5.3.7 and 5.3.8, RFC 3704). */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import type { DropReason } from '../../kernel/drop-reason';
import type { NetworkInterface } from '../network-interface';
import type { RoutingTable } from '../routing-table';
import type { LocalAddresses } from './local-addresses';

export class SourceValidation {
  /** net.ipv4.conf.*.rp_filter: 0 off, 1 strict, 2 loose (RFC 3704). */
  reversePathFilter: 0 | 1 | 2 = 0;

  constructor(
    private readonly routes: RoutingTable,
    private readonly local: LocalAddresses,
  ) {}

  /**
   * What is wrong with this source.
   * @param on where the packet came in
   * @param out where it would leave; undefined for one that stays here
   */
  problem(
    source: Ipv4Address,
    on: NetworkInterface,
    out: NetworkInterface | undefined,
  ): DropReason | undefined {
    if (this.local.has(source)) {
      // net.ipv4.conf.*.accept_local is 0: this machine itself did not send it.
      return 'source-invalid';
    }
    const filter = this.reversePathFilter;
    if ((filter !== 0 || out === on) && this.local.isBroadcast(source)) {
      // The route to the source is looked at only where it matters: for the filter, and for whom it could be redirected (measured).
      return 'source-invalid';
    }
    return filter !== 0 && !this.isReversePath(source, on) ? 'reverse-path' : undefined;
  }

  /** Whether packets to this source would leave by the interface it came by, or by any where the filter is loose. */
  private isReversePath(source: Ipv4Address, on: NetworkInterface): boolean {
    if (source === UNSPECIFIED_IPV4) {
      return true;
    }
    const back = this.routes.lookup(source);
    return back !== undefined && back.type === undefined && (this.reversePathFilter === 2 || back.on === on);
  }
}
