/**
 * Lines as tcpdump 4.99 prints them for packets, without `-v`: by the order of words and numbers, what a user of the real one reads. Each
 * layer prints its part and hands the rest on, as tcpdump's printers do; compared with them packet by packet.
 */
import { LINK_TYPE } from '../link-type';
import { etherText } from './ether-text';
import { ipPacketText } from './ip-text';
import { CutShort, PacketBytes, type LineStyle } from './packet-bytes';
import { TcpConversations } from './tcp-text';

/** Which printer works on a packet, for the mark of one that was cut; and what it knows of packets before. */
export interface LineState {
  readonly style: LineStyle;
  readonly conversations: TcpConversations;
  readonly interfaceIndex: number | undefined;
  /** The name of the protocol whose bytes are read. */
  protocol: string;
  /** What is printed so far. */
  text: string;
  /** Prints an Ethernet frame that lies in the packet. */
  readonly printFrame: (packet: PacketBytes, at: number, end: number) => void;
}

export class PacketLines {
  private readonly conversations = new TcpConversations();

  constructor(private readonly style: LineStyle) {}

  /**
   * The line of a packet, without its time; a tunnelled packet has a line of its own.
   * @param interfaceIndex where the packet is one of any interface, whose header has that in the place of a destination
   */
  line(bytes: Uint8Array, linkType: number, interfaceIndex?: number): string {
    const state: LineState = {
      style: this.style,
      conversations: this.conversations,
      interfaceIndex,
      protocol: 'ether',
      text: '',
      printFrame: (inner, at, end) => {
        etherText(state, inner, at, end);
      },
    };
    const packet = new PacketBytes(bytes);
    try {
      if (linkType === LINK_TYPE.ethernet) {
        etherText(state, packet, 0, bytes.length);
      } else {
        state.text += this.style.linkHeader ? 'ip: ' : '';
        ipPacketText(state, packet, 0, bytes.length);
      }
    } catch (error) {
      if (!(error instanceof CutShort)) {
        throw error;
      }
      state.text += ` [|${state.protocol}]`;
    }
    return state.text;
  }
}
