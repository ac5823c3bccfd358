/** The packet filter: rules in order, the first that matches decides, what none decides passes (nft chains with `policy accept`). */
import type { IpAddress } from '../../../../net/ip-address';
import type { ResolvedFirewallRule } from '../../../../topology/resolved';
import type { Refusal } from '../../../kernel/drop-reason';
import type { PacketState } from '../conntrack/connection';
import { matches, type FilteredPacket } from './rule-match';

export type Chain = ResolvedFirewallRule['chain'];

/** What a rule does with packets that it stops. */
export interface Verdict {
  readonly action: 'drop' | 'reject' | 'reject-with-reset';
  /** What the packet's account says; one object for all packets of the rule. */
  readonly refusal: Refusal;
}

interface Rule {
  readonly config: ResolvedFirewallRule;
  readonly verdict: Verdict | undefined;
  enabled: boolean;
}

export class Firewall {
  private readonly chains: Readonly<Record<Chain, readonly Rule[]>>;

  constructor(rules: readonly ResolvedFirewallRule[]) {
    const all = rules.map(config => ({ config, verdict: verdictOf(config), enabled: true }));
    const chain = (name: Chain): readonly Rule[] => all.filter(({ config }) => config.chain === name);
    this.chains = { input: chain('input'), forward: chain('forward'), output: chain('output') };
  }

  /** Switches the rules of this name on or off; false when there is none. */
  enable(name: string, enabled: boolean): boolean {
    const named = Object.values(this.chains)
      .flat()
      .filter(({ config }) => config.name === name);
    for (const rule of named) {
      rule.enabled = enabled;
    }
    return named.length > 0;
  }

  /** What stops the packet; undefined when it passes. */
  decide<Address extends IpAddress>(
    chain: Chain,
    packet: FilteredPacket<Address>,
    state: PacketState,
  ): Verdict | undefined {
    for (const { config, verdict, enabled } of this.chains[chain]) {
      if (enabled && matches(config, packet, state)) {
        return verdict;
      }
    }
    return undefined;
  }
}

function verdictOf(rule: ResolvedFirewallRule): Verdict | undefined {
  return rule.action === 'accept'
    ? undefined
    : { action: rule.action, refusal: { reason: 'firewall', rule: ruleText(rule) } };
}

/** The rule as a user knows it: by its name, or where it stands. */
export function ruleText(rule: ResolvedFirewallRule): string {
  return rule.name ?? `${rule.chain} ${rule.source.join('.')}`;
}
