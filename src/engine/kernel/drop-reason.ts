/** Why a frame went no further: one closed list for every device. */

/** Each reason with the plain sentence a user reads. The order is part of the capture format of a running simulation only. */
export const DROP_REASONS = {
  'cable-loss': 'lost on the cable, as its loss rate says',
  'cable-down': 'the cable is unplugged',
  'port-unconnected': 'nothing is plugged into this port',
  'queue-full': 'the queue of the sending port was full',
  'not-for-this-station': 'the destination hardware address belongs to another station',
  'same-port': 'the destination is on the port the frame came from',
  'ethertype-unknown': 'no protocol here handles this EtherType',
  malformed: 'a length or version field does not fit the bytes',
  'checksum-wrong': 'a checksum does not match',
  'no-route': 'no route leads to the destination',
  'forwarding-off': 'the packet is for another host and this one does not forward',
  'ttl-expired': 'its time to live ran out',
  'neighbour-unresolved': 'nobody answered the ARP requests for the next hop',
  'neighbour-queue-full': 'too many packets were already waiting for the next hop’s hardware address',
  'protocol-unreachable': 'no handler for this IP protocol',
  'port-unreachable': 'no socket listens on this port',
  'no-such-request': 'an answer to a question this station did not ask',
  'interface-has-no-address': 'the interface has no address to send from',
  'packet-too-big': 'larger than the MTU of the next link',
  'fragment-unsupported': 'IP fragments are not simulated yet',
  'tcp-unsupported': 'TCP is not simulated yet',
  'name-server-unknown': 'the host of this NAT engine has no name server to ask',
  'nat-no-mapping': 'no NAT mapping matches this packet from outside',
  'nat-ports-exhausted': 'every port of the NAT’s address is taken',
  'nat-not-carried': 'this NAT does not carry such packets',
  'host-loopback-blocked': 'the NAT engine may not reach its host’s own services',
  'source-invalid': 'the source address is not one a host may use',
  'broadcast-ignored': 'a broadcast this station does not answer',
  'dhcp-ignored': 'the DHCP message was not for this client or server',
  'dns-ignored': 'the DNS message could not be used',
  'table-full': 'a table of this device was full',
  'link-down': 'one end of the cable is switched off',
  firewall: 'a firewall rule stopped it',
  'nat-filtered': 'the NAT lets nobody in here but those its inside has spoken to',
  'interface-down': 'the interface is set down',
  'vlan-unknown': 'no interface here is on this VLAN',
  'write-too-short': 'writing it to the TAP or TUN device fails with EINVAL: too short, or no IP packet',
  'write-interface-down': 'writing it to the TAP or TUN device fails with EIO: the interface is down',
  'dummy-interface': 'a dummy interface keeps nothing of what it is given',
  'vxlan-header-invalid': 'the VXLAN header has flags that must not be set',
  'vxlan-unknown': 'no interface here has this VXLAN network identifier',
  'vxlan-no-remote': 'the VXLAN interface has no remote end to send it to',
  'own-source': 'its source is the hardware address of the interface that it came to',
  'link-loop': 'the frame was wrapped again and again by interfaces that lead to each other',
  'no-such-adapter': 'VirtualBox’s switch knows nobody with this hardware address, and does not flood',
  'vlan-not-allowed': 'the port does not carry this VLAN',
  'reserved-address': 'bridges keep this group address to themselves: 01:80:c2:00:00:00 to 0f',
  'port-blocked': 'the spanning tree blocks this port',
  'port-learning': 'the spanning tree opens this port only after its forward delay',
  'port-mirror': 'a mirror port only sends copies',
  'broadcast-storm': 'it circles in a loop of switches, where it would go round for ever',
  'bpdu-ignored': 'the spanning tree message could not be used',
  'tunnel-port-taken': 'the tunnel’s UDP port is taken by another program of its host',
  'listen-backlog-full': 'too many connections were already waiting for this listener',
  'tcp-not-acceptable': 'the TCP segment does not fit the state of its connection',
  'tcp-old-duplicate': 'the TCP segment brings only what had already come',
  'tcp-outside-window': 'the TCP segment lies outside the receive window',
  'tcp-connection-closed': 'the application that had this TCP connection is gone',
  'multicast-not-joined': 'nobody here listens to this multicast group',
  'address-tentative': 'the address is not yet known to be unique on its link',
  'neighbour-discovery-invalid': 'a neighbour discovery message that breaks the rules for its kind',
  'neighbour-discovery-ignored': 'a neighbour discovery message that this machine has no use for',
  'extension-header-refused': 'an IPv6 extension header or option that must not be passed over',
  'fragments-missing': 'not all fragments of the packet came in time',
  'fragments-overlap': 'its fragments overlap, so none of them is believed',
  'fragment-repeated': 'the same fragment was here already',
  'beyond-scope': 'a link-local address does not leave its link',
  'route-prohibited': 'the route to the destination prohibits it',
  'route-blackhole': 'the route to the destination swallows it',
  'no-other-port': 'no other port is open for it',
  'reassembly-full': 'too many fragments were already waiting for the rest of their packets',
  'reassembly-overtaken': 'so many other fragments came since that its packet was given up',
  'route-unreachable': 'a route of type “unreachable” refuses the destination',
  'reverse-path': 'the way back to its source is by another interface',
  'dhcp-other-server': 'the DHCP message is meant for another server',
  'dhcp-client-unknown': 'the DHCP server knows of no such lease, and is not the authority for this network',
  'dhcp-pool-exhausted': 'the DHCP server has no address left to give',
  'dhcp-relay-unserved': 'the DHCP server serves no network that this relay speaks for',
  'dhcp-hops-exceeded': 'the DHCP message has passed too many relays',
  'ip-options-malformed': 'the options of its IPv4 header make no sense',
  'igmp-not-for-hosts': 'what hosts say of their groups is for routers and switches',
  'source-route-refused': 'it has a source route, and this machine takes none (accept_source_route is 0)',
} as const;

export type DropReason = keyof typeof DROP_REASONS;

/**
 * What every Ethernet does all day: a frame that a switch floods or a broadcast or multicast reaches stations it is not for, and a
 * spanning tree keeps frames from going round. Not something that went wrong.
 */
export const EVERYDAY_DROPS: ReadonlySet<DropReason> = new Set([
  'not-for-this-station',
  'same-port',
  'port-unconnected',
  'broadcast-ignored',
  'dhcp-ignored',
  'multicast-not-joined',
  'no-other-port',
  'reserved-address',
  'port-blocked',
  'port-learning',
]);

/** Why a frame may not go on, from one who decides by rules. */
export interface Refusal {
  readonly reason: DropReason;
  /** The rule that said so, as a user knows it; a text that exists once for all frames it stops. */
  readonly rule?: string;
}

const NAMES = Object.keys(DROP_REASONS) as DropReason[];
const CODES = new Map(NAMES.map((name, index) => [name, index + 1]));

/** A number from 1 for compact storage; 0 is left for "not dropped". */
export function dropReasonCode(reason: DropReason): number {
  return CODES.get(reason) ?? 0;
}

/** The reason stored under this code; undefined for 0 and unknown codes. */
export function dropReasonOf(code: number): DropReason | undefined {
  return NAMES[code - 1];
}
