/** A name server of one zone, over UDP and TCP. */
import type { IpAddress } from '../../../net/ip-address';
import type { ResolvedDnsRecord } from '../../../topology/resolved';
import { UDP_PORT } from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { NetworkInterface } from '../network-interface';
import type { Stack } from '../stack';
import type { DatagramReceiver, UdpSocket } from '../udp-layer';
import { tcpAnswer, udpAnswer } from './edns';
import { questionIn, takeQuestion } from './question';
import { listenForDns } from './tcp-server';
import { DnsZone } from './zone';

export class DnsServer implements DatagramReceiver<IpAddress> {
  private readonly zone = new DnsZone();
  private readonly socket: UdpSocket<IpAddress> | undefined;

  constructor(
    { simulator, udp, tcp }: Pick<Stack, 'simulator' | 'udp' | 'tcp'>,
    port: number = UDP_PORT.dns,
  ) {
    this.socket = udp.openDual(port, this);
    listenForDns(simulator, tcp, port, (question, answer) => {
      const query = questionIn(question);
      answer(query && tcpAnswer(query, this.zone.answer(query)));
    });
  }

  /** Adds an address of a name. */
  add(name: string, address: IpAddress): void {
    this.zone.addAddress(name, address);
  }

  addRecord(record: ResolvedDnsRecord): void {
    this.zone.add(record);
  }

  datagram(
    data: Uint8Array,
    from: IpAddress,
    fromPort: number,
    to: IpAddress,
    on: NetworkInterface,
    frame: Frame,
  ): void {
    const query = takeQuestion(data, on, frame);
    if (query !== undefined) {
      this.socket?.send(udpAnswer(query, this.zone.answer(query)), from, fromPort, to, on);
    }
  }
}
