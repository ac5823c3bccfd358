/**
 * A process that holds one end of a TAP or TUN device, or stands for the network of a VM's adapter, and carries what it reads over UDP: one
 * frame or packet, one datagram, no header. So do VirtualBox's generic driver UDPTunnel (DrvUDPTunnel.cpp), QEMU's `-netdev dgram`, and the
 * simplest of VPNs.
 */
import type { IpAddress } from '../../net/ip-address';
import type { ResolvedTunnel } from '../../topology/resolved';
import { ETHERNET_HEADER_BYTES, etherType, etherTypeOfPacket } from '../../wire/ethernet';
import {
  parseTunPacketInformation,
  TUN_PACKET_INFORMATION_BYTES,
  writeTunPacketInformation,
} from '../../wire/tun-packet-information';
import type { Frame } from '../kernel/frame';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import type { Stack } from '../stack/stack';
import type { DatagramReceiver, UdpSocket } from '../stack/udp-layer';

/** Bytes that the process takes of a datagram; the rest of a longer one is lost, as recvfrom has it (DrvUDPTunnel.cpp). */
const RECEIVE_BUFFER_BYTES = 16_384;

export class Tunnel implements FrameReceiver, DatagramReceiver<IpAddress> {
  private port: Port | undefined;
  private socket: UdpSocket<IpAddress> | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly config: ResolvedTunnel,
    private readonly host: Stack,
  ) {}

  plug(port: Port): void {
    this.port = port;
  }

  /** Starts the process. Its socket is bound to every address of the host. */
  boot(): void {
    this.socket = this.host.udp.openDual(this.config.localPort, this);
  }

  /** What the process reads from its device. */
  receive(frame: Frame, port: Port): void {
    const { socket, config } = this;
    if (socket === undefined) {
      this.simulator.drop(port.number, frame, 'tunnel-port-taken');
    } else {
      socket.send(this.asRead(frame.bytes), config.remote, config.remotePort);
    }
  }

  /** What arrives from wherever: nobody checks that it comes from the other end. */
  datagram(data: Uint8Array): void {
    const { port } = this;
    if (port === undefined) {
      return;
    }
    const taken = Math.min(data.length, RECEIVE_BUFFER_BYTES);
    if (!this.config.packetInformation) {
      port.send(this.simulator.frame(this.simulator.pool.copy(data, taken)));
      return;
    }
    const type = parseTunPacketInformation(data.subarray(0, taken), 0);
    const bytes = this.simulator.pool.copy(data.subarray(TUN_PACKET_INFORMATION_BYTES, taken));
    const frame = this.simulator.frame(bytes);
    if (type === undefined) {
      this.simulator.drop(port.number, frame, 'write-too-short');
    } else if (type === this.typeOf(bytes) || this.config.carries === 'ethernet') {
      port.send(frame);
    } else {
      // The kernel believes the packet information, so another protocol gets the packet, or none (tun_get_user of drivers/net/tun.c).
      this.simulator.drop(port.number, frame, 'ethertype-unknown');
    }
  }

  /** The bytes as `read` gives them, with packet information where the process did not ask for none. */
  private asRead(bytes: Uint8Array): Uint8Array {
    if (!this.config.packetInformation) {
      return bytes;
    }
    const data = new Uint8Array(TUN_PACKET_INFORMATION_BYTES + bytes.length);
    writeTunPacketInformation(data, 0, this.typeOf(bytes) ?? 0);
    data.set(bytes, TUN_PACKET_INFORMATION_BYTES);
    return data;
  }

  private typeOf(bytes: Uint8Array): number | undefined {
    if (this.config.carries === 'ip') {
      return etherTypeOfPacket(bytes);
    }
    return bytes.length < ETHERNET_HEADER_BYTES ? undefined : etherType(bytes);
  }
}
