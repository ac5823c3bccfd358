/** Networks and addresses from advertised prefixes (RFC 4861 6.3.4, RFC 4862 5.5.3). */
import { isLinkLocalIpv6 } from '../../../net/ipv6-address';
import { autoconfiguredAddress } from '../../../net/ipv6-link-layer';
import { INFINITE_LIFETIME, type PrefixInformation } from '../../../wire/ndp-option';
import { SECOND } from '../linux-policy';
import { FOREVER } from './ipv6-address-entry';
import type { Ipv6Addressing } from './ipv6-addressing';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';

/** What an advertisement that nobody signed may shorten a lifetime to (RFC 4862 5.5.3 e), in seconds. */
const TWO_HOURS = 7200;

/** Bits of the prefixes that an interface identifier of 64 bits completes (RFC 4862 5.5.3 d). */
const PREFIX_BITS = 64;

/**
 * The valid lifetime of an address after an advertisement, all in seconds (RFC 4862 5.5.3 e): a forged one cannot make it vanish at once.
 * @param remaining of what it has now; Infinity for one without end
 */
export function updatedValidLifetime(remaining: number, advertised: number): number {
  if (advertised > TWO_HOURS || advertised > remaining) {
    return advertised;
  }
  return remaining <= TWO_HOURS ? remaining : TWO_HOURS;
}

/** When a lifetime from now ends, in ns; one of all ones never does. */
export function endOfLifetime(now: number, seconds: number): number {
  return seconds === INFINITE_LIFETIME || seconds === FOREVER ? FOREVER : now + seconds * SECOND;
}

export class Autoconfiguration {
  constructor(
    private readonly sender: Ipv6Sender,
    private readonly addressing: Ipv6Addressing,
  ) {}

  /** Takes a prefix from an advertisement. */
  take(option: PrefixInformation): void {
    if (isLinkLocalIpv6(option.prefix.network) || option.preferredLifetime > option.validLifetime) {
      return;
    }
    if (option.onLink) {
      this.updateRoute(option);
    }
    if (option.autonomous && option.prefix.length === PREFIX_BITS) {
      this.updateAddress(option);
    }
  }

  /** The prefix is on the link while its lifetime lasts. */
  private updateRoute({ prefix: to, validLifetime }: PrefixInformation): void {
    const { routes, simulator } = this.sender;
    const { on } = this.addressing.side;
    routes.remove(
      route =>
        route.on === on &&
        route.origin === 'advertised' &&
        route.via === undefined &&
        route.to.length === to.length &&
        route.to.network === to.network,
    );
    if (validLifetime > 0) {
      const until = endOfLifetime(simulator.now, validLifetime);
      const { connectedMetric: metric } = LINUX_IPV6;
      const { cause } = simulator;
      routes.add({ to, via: undefined, on, metric, origin: 'advertised', until, cause });
    }
  }

  private updateAddress({ prefix, validLifetime, preferredLifetime }: PrefixInformation): void {
    const { side } = this.addressing;
    const { now } = this.sender.simulator;
    const address = autoconfiguredAddress(prefix, side.on.mac);
    const entry = side.entryOf(address);
    const preferredUntil = endOfLifetime(now, preferredLifetime);
    if (entry === undefined) {
      const made = side.entries.filter(({ origin }) => origin === 'autoconfiguration').length;
      if (validLifetime > 0 && made < LINUX_IPV6.autoconfiguredAddresses) {
        const lifetimes = { preferredUntil, validUntil: endOfLifetime(now, validLifetime) };
        this.addressing.add(address, prefix.length, 'autoconfiguration', lifetimes);
      }
    } else if (entry.origin === 'autoconfiguration') {
      const remaining = (entry.validUntil - now) / SECOND;
      const validUntil = endOfLifetime(now, updatedValidLifetime(remaining, validLifetime));
      this.addressing.extend(address, { preferredUntil, validUntil });
    }
  }
}
