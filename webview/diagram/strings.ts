/** Every text of the diagram a user may read or hear, so that the editor can hand in another language. */

/** `{0}`, `{1}` … stand for values. */
export const ENGLISH_STRINGS = {
  diagram: 'Network diagram',
  empty: 'This file describes no devices yet',
  stale: 'The diagram shows the last version of the file without errors',
  internet: 'internet',
  router: 'router',
  network: 'network',
  switch: 'switch',
  host: 'host',
  vm: 'virtual machine',
  nat: 'VirtualBox NAT',
  hub: 'hub',
  container: 'container',
  'virtual-switch': 'VirtualBox network',
  bridge: 'Linux bridge',
  dhcp: 'VirtualBox DHCP server',
  tunnel: 'UDP tunnel',
  natLabel: 'NAT',
  internal: 'internal',
  'host-only': 'host-only',
  bridged: 'bridged',
  'nat-network': 'NAT network',
  inside: 'in {0}',
  connectedTo: 'connected to {0}',
  andMore: '{0} and {1} more',
  notConnected: 'not connected',
  contains: 'contains {0}',
  masqueradesOn: 'NAT out of {0}',
  forwards: 'forwards packets',
  usesSocketsOf: 'uses the sockets of {0}',
  leasing: 'DHCP',
  moreAddresses: '{0} +{1}',
  unplugged: 'unplugged',
  legend: 'Broadcast domains',
  stations: '{0} stations',
  folded: '{0} folded in',
  vlan: 'VLAN {0}',
  trunk: 'trunk {0}',
  native: 'native {0}',
  defaultRoute: 'default via {0}',
  lossRate: '{0} % lost',
} as const;

export type DiagramStrings = { readonly [Key in keyof typeof ENGLISH_STRINGS]: string };

/** The strings in another language; `translate` gets the English text and returns it where it knows none. */
export function translateStrings(translate: (english: string) => string): DiagramStrings {
  const entries = Object.entries(ENGLISH_STRINGS).map(([key, english]) => [key, translate(english)]);
  return Object.fromEntries(entries) as DiagramStrings;
}

/** Puts values in the places `{0}`, `{1}` … of a text. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
