/**
 * Every sentence a diagnostic can say, in English. The id is the diagnostic's code, with the wording after a slash where a code has
 * several. The sentences are keys of the translation bundle.
 */
export const MESSAGES = {
  // Reading the text
  'file-too-large': 'The file is larger than {0} MiB.',
  'file-empty': 'The file is empty. A topology starts with `vnet: 1`.',
  'not-text': 'This is not a text file: it holds the character U+{0}.',
  'too-complex': 'The file has more than {0} words and signs.',
  'too-complex/depth': 'Nested deeper than {0} levels.',
  'too-complex/blank': 'More than {0} blank lines and comments one after the other.',
  'too-complex/aliases': 'With its aliases written out, the file has more than {0} values.',
  'too-complex/nodes': 'More than {0} networks and nodes.',
  'too-complex/interfaces': 'More than {0} interfaces and cables.',
  'several-documents': 'A file is one topology: remove this `---` and what follows it.',
  'yaml-syntax': 'This is not valid YAML.',
  'yaml-syntax/indent': 'The indentation does not fit the lines above.',
  'yaml-syntax/tab': 'YAML is indented with spaces, not with tabs.',
  'yaml-syntax/unexpected': 'This does not belong here.',
  'yaml-syntax/missing': 'A closing bracket, brace or quotation mark, or a comma or colon, is missing here.',
  'yaml-syntax/key': 'A key needs a colon and a space after it, on one line.',
  'yaml-syntax/value': 'This value starts with a character that YAML reserves: put it in quotes.',
  'yaml-syntax/escape': 'This is not an escape sequence.',
  'yaml-syntax/properties': 'Anchors and tags come once, before their value.',
  'yaml-syntax/block': 'A block can’t stand here: begin a new line, or use brackets.',
  'yaml-syntax/directive': 'This directive is not known.',
  'yaml-syntax/tag': 'Tags such as this one are not used in topologies.',
  'alias-unknown': 'No anchor `&{0}` stands above.',
  'alias-cycle': 'The alias `*{0}` stands inside the value it names.',
  'key-not-text': 'A key must be a plain word or number.',
  'duplicate-key': '`{0}` is written twice here.',
  'first-place': 'It is first written here.',

  // The shape of the file
  'missing-version': 'The version of the language is missing: begin with `vnet: 1`.',
  'unknown-version': 'Version {0} of the language is not known; this is version 1.',
  'unknown-key': 'Unknown key `{0}` in {1}.',
  'unknown-key/suggestion': 'Unknown key `{0}` in {1}; did you mean `{2}`?',
  'missing-key': '{0} needs `{1}`.',
  'wrong-type': '`{0}` must be {1}, not {2}.',
  'unknown-value': '`{0}` is not a value of `{1}`: write {2}.',
  'unknown-value/suggestion': '`{0}` is not a value of `{1}`; did you mean `{2}`?',
  'out-of-range': '`{0}` must be from {1} to {2}.',
  'out-of-range/least': '`{0}` must be at least {1}.',
  'out-of-range/most': '`{0}` must be at most {1}.',
  'wrong-count': '{0} needs {1} entries, not {2}.',
  'bad-value': '`{0}` is not a value of `{1}`.',

  // Names and references
  'duplicate-name': '`{0}` names a network and a node; each name may be used once.',
  'unknown-network': 'There is no network or internet called `{0}`.',
  'unknown-network/suggestion': 'There is no network or internet called `{0}`; did you mean `{1}`?',
  'unknown-node': 'There is no node called `{0}`.',
  'unknown-node/suggestion': 'There is no node called `{0}`; did you mean `{1}`?',
  'unknown-interface': '`{0}` has no interface `{1}`.',
  'unknown-interface/suggestion': '`{0}` has no interface `{1}`; did you mean `{2}`?',
  'unknown-interface/port': '`{0}` has {1} ports: there is no port `{2}`.',
  'unknown-target': '`{0}` is no node, address or name that DNS knows.',
  'unknown-target/suggestion': '`{0}` is no node, address or name that DNS knows; did you mean `{1}`?',
  'unknown-name': 'No server is called `{0}`, so DNS will not know it.',
  'unknown-name/suggestion': 'No server is called `{0}`, so DNS will not know it; did you mean `{1}`?',
  'wrong-kind/network':
    '`{0}` is a {1}: `network` names an entry of `networks` or a node of kind internet. Use a cable in `links`.',
  'wrong-kind/link-network': '`{0}` is a network: plug an interface into it with `network: {0}`.',
  'wrong-kind/host': '`{0}` is a {1}: a VM runs on a node of kind host.',
  'wrong-kind/machine': '`{0}` is a {1}: only a machine with a TCP/IP stack can do this.',
  'wrong-kind/target': '`{0}` is a {1}: it has no address of its own.',
  'wrong-kind/physical':
    'The network cards of a VM are its `adapters`; `interfaces` are what its guest makes of them.',
  'vm-without-host': '`{0}` runs nowhere: write `on:` and the name of a host.',
  'vm-without-host/suggestion': '`{0}` runs nowhere: write `on: {1}`.',
  'interface-in-use': '`{0}` is already plugged in.',
  'interface-in-use/place': 'It is plugged in here.',
  'vm-cable': '`{0}` is a VM: it is plugged in by its `adapters`, not by a cable.',
  'switching-loop':
    'This cable closes a ring of switches; without the spanning tree protocol broadcasts circle in it.',
  'second-internet': 'There is one internet in a file; `{0}` is a second one.',

  // Addresses
  'host-bits': '`{0}` has host bits set; the network is {1}.',
  'bad-address': '`{0}` is not an IPv4 address a machine can have.',
  'bad-address/prefix': '`{0}` is not an IPv4 address and prefix length.',
  'bad-address/reserved': '`{0}` is the {1} address of {2}; a machine can’t have it.',
  'outside-subnet': '`{0}` is outside {1}, the subnet of `{2}`.',
  'overlapping-subnets': '{0} overlaps {1} of network `{2}`, and `{3}` is on both.',
  'overlapping-subnets/apart':
    '{0} overlaps {1} of network `{2}`: machines of one can’t address those of the other.',
  'duplicate-address': '{0} is already the address of `{1}` on this segment.',
  'duplicate-mac': '{0} is already the hardware address of `{1}` on this segment.',
  'bad-mac': '`{0}` is a group address; a network card needs one whose first byte is even.',
  'gateway-not-owned': 'No interface on `{0}` has the gateway’s address {1}.',
  'gateway-unreachable': 'The gateway {0} is not on a network of this interface.',
  'gateway-with-dhcp': 'A leased address brings its gateway: remove `gateway`, or give a static `address`.',
  'auto-without-subnet': '`auto` needs an interface on a network with a `subnet`.',
  'subnet-full': 'No address is left in {0}.',
  'missing-subnet': '`{0}` needs the `subnet` of the network.',
  'subnet-too-small': '{0} is too small: {1} needs at least a /{2}.',
  'dhcp-without-server':
    'Nobody leases addresses on `{0}`: an interface with the gateway’s address is needed, or `server`.',
  'dhcp-without-server/gateway':
    'Nobody leases addresses on `{0}`: the network needs a `gateway`, or `dhcp: { server: NODE }`.',
  'dhcp-without-server/join': '`{0}` has no static address on `{1}`, so it can’t lease addresses there.',
  'dhcp-range': 'The range must lie inside {0} and begin with its lower address.',
  'server-address': '{0} is inside {1}; a server on the internet needs a public address outside.',
  'server-address/private': '{0} is not a public address.',
  'server-address/taken': '{0} is already the address of `{1}`.',
  'route-without-way': 'A route needs `via` or `dev`.',
  'route-unreachable': 'The next router {0} is not on a network of `{1}`.',

  // What the language has and the simulation has not yet
  'not-simulated/key': '`{0}` is not simulated yet and has no effect.',
  'not-simulated/value': '`{0}: {1}` is not simulated yet.',
  'not-simulated/node': 'A {0} is not simulated yet: `{1}` and its cables are left out.',
  'not-simulated/adapter': '`attach: {0}` is not simulated yet: the adapter stays unplugged.',
  'not-simulated/interface': 'An interface of type {0} is not simulated yet and is left out.',
  'not-simulated/left-out': '`{0}` is left out, since it is not simulated yet; so is this.',
  'not-simulated/step': 'The step `{0}` is not simulated yet and is skipped.',
  'not-simulated/ipv6': 'IPv6 is not simulated yet: `{0}` is left out.',
  'not-simulated/from-internet': 'Traffic from the internet is not simulated yet; the step is skipped.',

  // The list itself
  'too-many-problems': 'There are {0} more problems.',

  // What a quick fix does
  'fix-replace': 'Change to `{0}`',
  'fix-insert': 'Insert `{0}`',
} as const;

export type MessageId = keyof typeof MESSAGES;
