/** The theme's colours for what is drawn on the canvas, read from the custom properties that diagram.css derives from the theme. */
import { PROTOCOL_CLASSES, type ProtocolClass } from '../../src/simulation/record-batch';

export interface PacketColours {
  readonly protocols: Readonly<Record<ProtocolClass, string>>;
  readonly letter: string;
  readonly paper: string;
  readonly ink: string;
  readonly drop: string;
  readonly focus: string;
}

/** Seen only where the style sheet is missing. */
const UNSTYLED = '#808080';

export function readPacketColours(element: Element): PacketColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => {
    const value = style.getPropertyValue(`--vnet-${name}`).trim();
    return value === '' ? UNSTYLED : value;
  };
  const protocols: Record<ProtocolClass, string> = {
    other: '',
    arp: '',
    icmp: '',
    udp: '',
    tcp: '',
    dhcp: '',
    dns: '',
    ipv6: '',
    stp: '',
  };
  for (const protocol of PROTOCOL_CLASSES) {
    protocols[protocol] = read(`packet-${protocol}`);
  }
  return {
    protocols,
    letter: read('packet-letter'),
    paper: read('paper'),
    ink: read('ink'),
    drop: read('drop'),
    focus: read('focus'),
  };
}
