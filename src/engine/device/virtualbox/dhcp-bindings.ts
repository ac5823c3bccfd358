/** Which address VirtualBox's DHCP server gives to whom (NetworkServices/Dhcpd/Db.cpp and ClientId.cpp of 7.0.10). */
import { ipv4FromNumber, type Ipv4Address } from '../../../net/ipv4-address';
import type { MacAddress } from '../../../net/mac-address';

/** In Db.h's order: what is no more than `expired` may be given to another client. */
export type BindingState = 'free' | 'released' | 'expired' | 'offered' | 'acked';

/** Who asks: its client identifier (option 61, in hexadecimal) alone where it has one, so that clones with one identifier are one client. */
export interface DhcpClientId {
  readonly mac: MacAddress;
  readonly identifier?: string;
}

/** What the file NETWORK-Dhcpd.leases keeps of one address; plain data. */
export interface DhcpBinding {
  readonly address: Ipv4Address;
  readonly client: DhcpClientId;
  readonly state: BindingState;
  /** Virtual time in ns. */
  readonly issued: number;
  readonly leaseSeconds: number;
  /** Of the server itself, or reserved for a hardware address. */
  readonly fixed: boolean;
}

/** Bindings one server keeps: a bound of this simulation; the pool of a /20 fits. */
const MAXIMUM_BINDINGS = 4096;

const SECOND = 1_000_000_000;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class DhcpBindings {
  /** Newest first, as the server's own list, but for reservations. */
  private readonly bindings: Mutable<DhcpBinding>[] = [];

  constructor(
    private readonly first: Ipv4Address,
    private readonly last: Ipv4Address,
    reservations: readonly { readonly mac: MacAddress; readonly address: Ipv4Address }[],
  ) {
    for (const { mac, address } of reservations) {
      this.bindings.unshift({
        address,
        client: { mac },
        state: 'acked',
        issued: 0,
        leaseSeconds: 0,
        fixed: true,
      });
    }
  }

  /** Everything but the reservations. */
  leases(now: number): readonly DhcpBinding[] {
    this.expire(now);
    return this.bindings.filter(({ fixed }) => !fixed).map(each => ({ ...each }));
  }

  /** Whether an address may be asked for by this client: one of the pool, or its own reservation. */
  mayAskFor(address: Ipv4Address, client: DhcpClientId): boolean {
    return (
      this.inPool(address) ||
      this.bindings.some(
        each =>
          each.fixed &&
          each.address === address &&
          (sameClient(each.client, client) || each.client.mac === client.mac),
      )
    );
  }

  /**
   * The address for a client (Db::i_allocateAddress): the one it has or had, its reservation, the one it asks for, one that was offered in
   * vain, the lowest that nobody ever had, one released, one expired. Undefined when there is none.
   */
  allocate(client: DhcpClientId, wanted: Ipv4Address | undefined, now: number): DhcpBinding | undefined {
    this.expire(now);
    const own = this.bindings.find(
      each => sameClient(each.client, client) || (each.fixed && each.client.mac === client.mac),
    );
    if (own !== undefined) {
      own.client = own.fixed ? client : own.client;
      return own;
    }
    const asked = wanted === undefined ? undefined : this.askedFor(wanted, client);
    return asked ?? this.anyFor(client);
  }

  /** Lends a binding that `allocate` gave. */
  lend(binding: DhcpBinding, state: 'offered' | 'acked', leaseSeconds: number, now: number): void {
    const held = this.bindings.find(({ address }) => address === binding.address);
    if (held !== undefined) {
      // An offer does not take back what the client has.
      held.state = held.state === 'acked' ? 'acked' : state;
      held.issued = now;
      held.leaseSeconds = leaseSeconds;
    }
  }

  /** The client gives its address back; false when it has not got it. */
  release(client: DhcpClientId, address: Ipv4Address): boolean {
    const held = this.find(client, address);
    if (held === undefined || held.fixed) {
      return false;
    }
    held.state = 'released';
    return true;
  }

  /** The client has chosen another server (Db::cancelOffer). */
  cancelOffer(client: DhcpClientId, address: Ipv4Address): void {
    const held = this.find(client, address);
    if (held?.state === 'offered') {
      held.state = held.fixed ? 'acked' : 'released';
      held.leaseSeconds = held.fixed ? held.leaseSeconds : 0;
    }
  }

  private find(client: DhcpClientId, address: Ipv4Address): Mutable<DhcpBinding> | undefined {
    return this.bindings.find(each => each.address === address && sameClient(each.client, client));
  }

  private askedFor(address: Ipv4Address, client: DhcpClientId): DhcpBinding | undefined {
    const known = this.bindings.find(each => each.address === address);
    if (known === undefined) {
      return this.create(address, client);
    }
    return isUnused(known) ? giveTo(known, client) : undefined;
  }

  private anyFor(client: DhcpClientId): DhcpBinding | undefined {
    const inState = (state: BindingState) => this.bindings.find(each => each.state === state && !each.fixed);
    const free = inState('free');
    if (free !== undefined) {
      return giveTo(free, client);
    }
    const fresh = this.lowestUnknown();
    if (fresh !== undefined) {
      return this.create(fresh, client);
    }
    const reused = inState('released') ?? inState('expired');
    return reused && giveTo(reused, client);
  }

  private lowestUnknown(): Ipv4Address | undefined {
    const known = new Set(this.bindings.map(({ address }) => address));
    for (let address: number = this.first; address <= this.last; address++) {
      if (!known.has(ipv4FromNumber(address))) {
        return ipv4FromNumber(address);
      }
    }
    return undefined;
  }

  private create(address: Ipv4Address, client: DhcpClientId): DhcpBinding | undefined {
    if (this.bindings.length >= MAXIMUM_BINDINGS) {
      return undefined;
    }
    const binding: DhcpBinding = { address, client, state: 'free', issued: 0, leaseSeconds: 0, fixed: false };
    // Reservations stay in front (Db.cpp looks for them there).
    const behind = this.bindings.findIndex(({ fixed }) => !fixed);
    this.bindings.splice(behind < 0 ? this.bindings.length : behind, 0, binding);
    return binding;
  }

  private expire(now: number): void {
    for (const binding of this.bindings) {
      const isOver = binding.issued + binding.leaseSeconds * SECOND < now;
      if (isOver && !isUnused(binding) && !binding.fixed) {
        binding.state = binding.state === 'offered' ? 'free' : 'expired';
      }
    }
  }

  private inPool(address: Ipv4Address): boolean {
    return address >= this.first && address <= this.last;
  }
}

function isUnused({ state }: DhcpBinding): boolean {
  return state === 'free' || state === 'released' || state === 'expired';
}

function giveTo(binding: Mutable<DhcpBinding>, client: DhcpClientId): DhcpBinding {
  binding.client = client;
  binding.state = 'free';
  return binding;
}

function sameClient(one: DhcpClientId, other: DhcpClientId): boolean {
  return one.identifier === undefined || other.identifier === undefined
    ? one.identifier === other.identifier && one.mac === other.mac
    : one.identifier === other.identifier;
}
