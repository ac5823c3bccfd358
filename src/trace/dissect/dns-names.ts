/** Names of DNS numbers (IANA DNS parameters), as Wireshark has them. */

/** Record types: the short name, and what it stands for. */
const TYPES: Readonly<Record<number, readonly [string, string?]>> = {
  1: ['A', 'Host Address'],
  2: ['NS', 'authoritative Name Server'],
  5: ['CNAME', 'Canonical NAME for an alias'],
  6: ['SOA', 'Start Of a zone of Authority'],
  12: ['PTR', 'domain name PoinTeR'],
  13: ['HINFO', 'host information'],
  15: ['MX', 'Mail eXchange'],
  16: ['TXT', 'Text strings'],
  28: ['AAAA', 'IPv6 Address'],
  33: ['SRV', 'Server Selection'],
  35: ['NAPTR', 'Naming Authority Pointer'],
  39: ['DNAME'],
  41: ['OPT'],
  43: ['DS', 'Delegation Signer'],
  44: ['SSHFP', 'SSH Key Fingerprint'],
  46: ['RRSIG', 'Resource Record Signature'],
  47: ['NSEC', 'Next Secure'],
  48: ['DNSKEY', 'DNS Public Key'],
  50: ['NSEC3'],
  52: ['TLSA'],
  64: ['SVCB', 'General Purpose Service Endpoints'],
  65: ['HTTPS', 'HTTPS Specific Service Endpoints'],
  250: ['TSIG', 'Transaction Signature'],
  251: ['IXFR', 'incremental transfer'],
  252: ['AXFR', 'transfer of an entire zone'],
  255: ['*', 'A request for all records the server/cache has available'],
  256: ['URI'],
  257: ['CAA', 'Certification Authority Restriction'],
};

const CLASSES: Readonly<Record<number, string>> = { 1: 'IN', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' };

export const OPCODE_NAMES: Readonly<Record<number, string>> = {
  0: 'Standard query',
  1: 'Inverse query',
  2: 'Server status request',
  4: 'Zone change notification',
  5: 'Dynamic update',
};

export const RCODE_NAMES: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Format error',
  2: 'Server failure',
  3: 'No such name',
  4: 'Not implemented',
  5: 'Refused',
  6: 'Name exists',
  7: 'RRset exists',
  8: 'RRset does not exist',
  9: 'Not authoritative',
  10: 'Name out of zone',
};

/** `AAAA`, or `Unknown (1234)`. */
export function typeName(type: number): string {
  return TYPES[type]?.[0] ?? `Unknown (${type})`;
}

/** What the short name stands for. */
export function typeDescription(type: number): string {
  const [name, description] = TYPES[type] ?? ['Unknown'];
  return description === undefined ? name : `${name} (${description})`;
}

/** `IN` */
export function className(value: number): string {
  return CLASSES[value] ?? 'Unknown';
}
