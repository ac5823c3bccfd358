/** What can be wrong with bytes: one closed list for every format. */

/** Why bytes are not a valid packet of their protocol. A parser gives this string instead of a value. */
export type WireProblem =
  /** The bytes end before the header or a length field says so. */
  | 'truncated'
  /** The version is not the one of this protocol. */
  | 'bad-version'
  /** The header length is smaller than the fixed header or larger than the packet. */
  | 'bad-header-length'
  /** A length field is smaller than what it must cover. */
  | 'bad-length'
  | 'bad-checksum'
  /** A hardware or protocol address type other than Ethernet and IPv4. */
  | 'unsupported-address-type'
  /** The bytes that name the format are others: DHCP's magic cookie. */
  | 'bad-magic'
  /** An option's length does not fit its kind or its area. */
  | 'bad-option'
  /** A domain name has a bad label, is too long, or its compression pointers do not go backwards. */
  | 'bad-name'
  /** A field holds a value the protocol forbids. */
  | 'bad-value';
