/** The sentences of hovers and completions, besides what the schema says; keys of the translation bundle. */
export const HOVER_TEXTS = {
  values: 'One of {0}.',
  default: 'Default: {0}.',
  examples: 'For example {0}.',
  'not-simulated': 'Not simulated yet.',
  'interface-ipv6': '{0} · IPv6 {1}',
  'interface-ipv6-gateway': '{0} · IPv6 {1} · gateway {2}',
  'interface-slaac': '{0} · IPv6 by autoconfiguration',
  'interface-none': '{0} · {1} · no address',
  'interface-dhcp': '{0} · {1} · address leased by DHCP',
  'interface-static': '{0} · {1} · {2}',
  'interface-gateway': '{0} · {1} · {2} · gateway {3}',
} as const;
