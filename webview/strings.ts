/**
 * Every English string a user of the panel can see, and its translation. The English text is the key, as in the extension's own
 * l10n bundle; `{0}`, `{1}` are the places of values. What comes from a frame (field names, packet info) stays English, as in
 * Wireshark.
 */

export const PANEL_STRINGS = [
  // Controls
  'Simulation',
  'Play',
  'Play (Space)',
  'Play again',
  'Play again from time 0 (Space)',
  'Pause',
  'Pause (Space)',
  'Step to the next packet (.)',
  'Step back to before the newest packet (,)',
  'Restart from time 0',
  'Moment of the simulation',
  '{0} seconds, {1} packets',
  'going to that moment…',
  'The file changed: simulated again up to {0}, with what you did.',
  'Speed',
  'Virtual time for each second of real time; 1:10 000 shows one microsecond in ten milliseconds',
  'real time',
  'full speed',
  'Virtual time',
  'The simulation is not ready yet',
  'paused',
  'playing',
  'finished: nothing is left to happen',
  'failed',
  'Fit the diagram to its pane',
  'Export capture (pcapng)…',
  // Ping
  'Ping…',
  'Ping',
  'From',
  'To',
  'Count',
  'Address, name or device',
  'Send',
  'Cancel',
  'Say whom to ping.',
  'A whole number from 1 to {0}.',
  'This network has no device that could send a ping.',
  // Outcomes
  'Results',
  '{0} passed, {1} did not pass',
  'Clear results',
  'passed',
  'did not pass',
  // Banners
  'The file has an error; this is the last good picture. Line {0}: {1}',
  'The file has {0} errors; this is the last good picture. Line {1}: {2}',
  'The file has an error and can’t be drawn yet. Line {0}: {1}',
  'The file has {0} errors and can’t be drawn yet. Line {1}: {2}',
  'Show Problems',
  'The simulation stopped: {0}',
  'Restart',
  // Panes
  'Network diagram',
  'Packets',
  'Packet details',
  'Details',
  'Bytes',
  'Height of the diagram',
  'Height of the packet list',
  'Width of the details',
  // Bar of the diagram
  'Diagram',
  'View',
  'Cabling',
  'Domains',
  'Subnets',
  'Devices and cables (1)',
  'Broadcast domains and VLANs (2)',
  'Subnets, addresses and routes (3)',
  'Find a device',
  'Find a device by name or address',
  'Find a device by name or address (/)',
  '{0} found',
  '{0} of {1}',
  '{0}: {1} of {2}',
  'Keep the selected packet in view',
  'Overview map',
  'Lay out anew',
  'Export the diagram as SVG or PNG',
  // Packet list
  'No.',
  'Time',
  'Source',
  'Destination',
  'Protocol',
  'Length',
  'Info',
  'Width of the column {0}',
  'Follow newest',
  'Show every new packet as it comes',
  '{0} drops',
  '1 drop',
  'older ones than #{0} are forgotten',
  'No packets yet.',
  'Press Play, or the space bar, to start the simulation.',
  'dropped',
  'ignored',
  'Dropped: {0}',
  'Ignored: {0}',
  'lost',
  'Packet {0} selected: {1}',
  // Filter and streams
  'Filter of the packet list',
  'Filter, as in Wireshark: tcp.port == 80 (Ctrl+F)',
  'Display filter',
  'Apply the filter (Enter)',
  'Clear the filter',
  'Recent filters',
  'There are no recent filters.',
  'Suggestions',
  'Column {0}: {1}',
  'The list is filtered.',
  'All packets are shown.',
  'No packet passes the filter.',
  '{0} packets are there.',
  'Capture',
  'Where to capture',
  'everywhere',
  'each packet once',
  '{0}: all interfaces',
  'Apply as filter',
  'Apply as filter: not this',
  'Apply as filter: … and this',
  'Apply as filter: … or this',
  'Apply as filter: … and not this',
  'Apply as filter: … or not this',
  'Packet {0}',
  'Filter this conversation',
  'Follow the stream',
  'Capture only at {0}',
  'Stream',
  'Follow the stream of this packet',
  'Following the stream…',
  'This packet is in no stream of TCP or UDP.',
  'client',
  'server',
  'How the bytes are shown',
  'As text',
  'As bytes',
  'No data was sent.',
  'There is more than is shown.',
  '{0} bytes are missing here.',
  // Details
  'Close the details (Escape)',
  'From {0} to {1}',
  'At {0}',
  'Sent',
  'Arrived',
  '{0} after it was sent',
  'never',
  'Caused by',
  'Go to this moment',
  'Take the clock to the moment of this packet',
  'Next hop',
  'Show what this packet leads to; runs on where that has not happened yet (N)',
  'the start or an action of yours',
  'Show packet {0}',
  'Reason',
  'Packet {0} is no longer kept.',
  'Fetching packet {0}…',
  'Problem: {0}',
  'problem',
  // Journey
  'Journey',
  'There are more hops than are shown.',
  '{0} sent it: {1}',
  'It was lost on the cable.',
  'What the device changed',
  'Field',
  'Came in',
  'Went out',
  '{0} passed it on unchanged.',
  '{0} routed it: hops left {1} → {2}.',
  '{0} addressed it to the next station: {1} → {2}.',
  '{0} rewrote the source: {1} → {2}.',
  '{0} rewrote the destination: {1} → {2}.',
  '{0} tagged it for VLAN {1}.',
  '{0} took the tag of VLAN {1} off.',
  '{0} moved it from VLAN {1} to VLAN {2}.',
  '{0} put it into {1}.',
  '{0} took it out of {1}.',
  '{0} cut it into fragments; this one begins at {1}.',
  '{0} put its fragments together.',
  '{0} ended the connection and speaks in one of its own.',
  '{0} changed {1}: {2} → {3}.',
  // Bytes
  '{0} bytes',
  'Show all {0} bytes',
  'Bytes {0} to {1}: {2}',
  'Byte {0}: {1}',
  'derived, no bytes of its own',
] as const;

export type PanelString = (typeof PANEL_STRINGS)[number];

/** Translations by English text. */
export type Translations = Readonly<Record<string, string>>;

let translations: Translations = {};

/** Sets the language of every later `t`; called once, before anything is drawn. */
export function setTranslations(of: Translations): void {
  translations = of;
}

/** The text in the user's language with its places filled. */
export function t(text: PanelString, ...values: readonly (string | number)[]): string {
  return fill(translate(text), values);
}

/** A sentence that another part made, such as the reason of a drop, in the user's language where it is known. */
export function translate(text: string): string {
  return Object.hasOwn(translations, text) ? (translations[text] ?? text) : text;
}

/** A sentence with its places filled. */
export function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
