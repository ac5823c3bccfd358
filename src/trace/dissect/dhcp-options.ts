/** DHCP options as the dissector knows them: a table from code to name, and field for those whose data it reads. */
import type { FieldDeclaration, FieldType } from './field';

/** How the data of an option is cut into values. */
type OptionShape = 'addresses' | 'seconds' | 'number' | 'codes' | 'text' | 'identifier' | 'bytes';

export interface DhcpOptionDeclaration {
  readonly name: string;
  readonly shape: OptionShape;
  readonly field: FieldDeclaration;
}

/** RFC 2132 section 9.6 and RFC 4388. */
export const MESSAGE_TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NAK',
  7: 'Release',
  8: 'Inform',
  9: 'Force Renew',
  10: 'Lease query',
  11: 'Lease Unassigned',
  12: 'Lease Unknown',
  13: 'Lease Active',
};

/** How the field of such an option is printed. */
function typeOf(shape: OptionShape): FieldType {
  switch (shape) {
    case 'addresses':
      return 'ipv4';
    case 'seconds':
    case 'number':
    case 'codes':
      return 'number';
    case 'text':
      return 'text';
    case 'identifier':
    case 'bytes':
      return 'bytes';
  }
}

const option = (
  name: string,
  shape: OptionShape,
  suffix: string,
  label = name,
  names?: Readonly<Record<number, string>>,
): DhcpOptionDeclaration => ({
  name,
  shape,
  field: {
    name: `dhcp.option.${suffix}`,
    label,
    type: typeOf(shape),
    ...(names === undefined ? {} : { names }),
  },
});

const bytes = (name: string): DhcpOptionDeclaration => option(name, 'bytes', 'value', 'Value');

/** IANA BOOTP and DHCP parameters, with Wireshark's names. */
export const DHCP_OPTIONS: ReadonlyMap<number, DhcpOptionDeclaration> = new Map([
  [1, option('Subnet Mask', 'addresses', 'subnet_mask')],
  [2, bytes('Time Offset')],
  [3, option('Router', 'addresses', 'router')],
  [4, bytes('Time Server')],
  [5, bytes('Name Server')],
  [6, option('Domain Name Server', 'addresses', 'domain_name_server')],
  [7, bytes('Log Server')],
  [12, option('Host Name', 'text', 'hostname')],
  [13, bytes('Boot File Size')],
  [15, option('Domain Name', 'text', 'domain_name')],
  [17, bytes('Root Path')],
  [19, bytes('IP Forwarding')],
  [23, bytes('Default IP Time-to-Live')],
  [26, option('Interface MTU', 'number', 'interface_mtu')],
  [28, option('Broadcast Address', 'addresses', 'broadcast_address')],
  [31, bytes('Perform Router Discover')],
  [33, bytes('Static Route')],
  [42, option('Network Time Protocol Servers', 'addresses', 'ntp_server', 'Network Time Protocol Server')],
  [43, bytes('Vendor-Specific Information')],
  [44, bytes('NetBIOS over TCP/IP Name Server')],
  [46, bytes('NetBIOS over TCP/IP Node Type')],
  [47, bytes('NetBIOS over TCP/IP Scope')],
  [50, option('Requested IP Address', 'addresses', 'requested_ip_address')],
  [51, option('IP Address Lease Time', 'seconds', 'ip_address_lease_time')],
  [52, bytes('Option Overload')],
  [53, option('DHCP Message Type', 'number', 'dhcp', 'DHCP', MESSAGE_TYPE_NAMES)],
  [54, option('DHCP Server Identifier', 'addresses', 'dhcp_server_id')],
  [55, option('Parameter Request List', 'codes', 'request_list_item', 'Parameter Request List Item')],
  [56, option('Message', 'text', 'message')],
  [57, option('Maximum DHCP Message Size', 'number', 'dhcp_max_message_size')],
  [58, option('Renewal Time Value', 'seconds', 'renewal_time_value')],
  [59, option('Rebinding Time Value', 'seconds', 'rebinding_time_value')],
  [60, option('Vendor class identifier', 'text', 'vendor_class_id')],
  [61, option('Client identifier', 'identifier', 'value', 'Value')],
  [66, option('TFTP Server Name', 'text', 'tftp_server_name')],
  [67, option('Bootfile name', 'text', 'bootfile_name')],
  [77, bytes('User Class Information')],
  [80, bytes('Rapid commit')],
  [81, bytes('Client Fully Qualified Domain Name')],
  [82, bytes('Agent Information Option')],
  [93, bytes('Client System Architecture')],
  [94, bytes('Client Network Device Interface')],
  [97, bytes('UUID/GUID-based Client Identifier')],
  [100, bytes('PCode')],
  [101, bytes('TCode')],
  [108, bytes('IPv6-Only Preferred')],
  [114, bytes('DHCP Captive-Portal')],
  [116, bytes('DHCP Auto-Configuration')],
  [119, bytes('Domain Search')],
  [121, bytes('Classless Static Route')],
  [249, bytes('Private/Classless Static Route (Microsoft)')],
  [252, bytes('Private/Proxy autodiscovery')],
]);
