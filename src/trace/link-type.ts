/** The kinds of link that packets are captured from, as capture files number them (tcpdump.org's list of link types). */

/** LINKTYPE numbers. */
export const LINK_TYPE = {
  null: 0,
  ethernet: 1,
  /** What OpenBSD, and some old files, call raw IP. */
  rawBsd: 12,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
} as const;
