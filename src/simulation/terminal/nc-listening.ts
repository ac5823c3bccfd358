/** `nc -l`: waits for a connection, or for a first datagram, and talks with whoever it came from. */
import type { Stack } from '../../engine/stack/stack';
import type { TcpListener } from '../../engine/stack/tcp/listener';
import type { TcpSocket } from '../../engine/stack/tcp/socket';
import type { UdpSocket } from '../../engine/stack/udp-layer';
import { formatIp, isIpv4, type IpAddress } from '../../net/ip-address';
import type { CommandContext } from './command';
import type { NcSettings } from './nc-arguments';
import { TcpChannel, UdpChannel } from './nc-channels';
import { NcConversation, type NcChannel, type NcInput } from './nc-conversation';

/** Connections that wait while another one is served (listen(2) with a backlog of 1). */
const BACKLOG = 1;

export class NcListening {
  private listener: TcpListener | undefined;
  private socket: UdpSocket<IpAddress> | undefined;
  private conversation: NcConversation | undefined;
  private readonly waiting: { readonly channel: TcpChannel; readonly socket: TcpSocket }[] = [];
  private over = false;

  constructor(
    private readonly context: CommandContext,
    private readonly stack: Stack,
    private readonly settings: NcSettings,
    private readonly input: NcInput,
    private readonly done: () => void,
  ) {}

  /** @param address the only one it listens on */
  start(address: IpAddress | undefined): void {
    const { print } = this.context;
    const { protocol, ports } = this.settings;
    const [port = 0] = ports;
    if (address !== undefined && !this.isOwn(address)) {
      print('nc: Cannot assign requested address\n');
      this.done();
      return;
    }
    const isOpen = protocol === 'tcp' ? this.listen(address, port) : this.open(address, port);
    if (!isOpen) {
      print('nc: Address already in use\n');
      this.done();
      return;
    }
    const everywhere = this.settings.version === 6 ? '::' : '0.0.0.0';
    const shown = address === undefined ? everywhere : formatIp(address);
    this.tell(`${protocol === 'tcp' ? 'Listening' : 'Bound'} on ${shown} ${port}\n`);
  }

  stop(): void {
    this.over = true;
    this.listener?.close();
    this.conversation?.end();
    this.socket?.close();
    this.waiting.splice(0).forEach(({ channel }) => {
      channel.close();
    });
  }

  private isOwn(address: IpAddress): boolean {
    const { network, device } = this.context;
    const isOfInterface = network.addressesOf(device).some(own => own.address === address);
    return isOfInterface || (isIpv4(address) && this.stack.ip.isLocal(address));
  }

  private listen(address: IpAddress | undefined, port: number): boolean {
    const version = address === undefined ? (this.settings.version ?? 4) : isIpv4(address) ? 4 : 6;
    this.listener = this.stack.tcp.listen({
      port,
      ...(address === undefined ? {} : { address }),
      accept: socket => this.accept(socket),
      incoming: request => {
        if (isIpv4(request.remote.address) !== (version === 4)) {
          request.refuse();
        } else if (this.conversation !== undefined && this.waiting.length >= BACKLOG) {
          request.ignore();
        } else {
          request.accept();
        }
      },
    });
    return this.listener !== undefined;
  }

  private accept(socket: TcpSocket): TcpChannel {
    const channel = new TcpChannel(socket);
    this.waiting.push({ channel, socket });
    if (!this.settings.again) {
      this.listener?.close();
    }
    this.serve();
    return channel;
  }

  /** Talks with the next one that waits. */
  private serve(): void {
    const next = this.conversation === undefined ? this.waiting.shift() : undefined;
    if (next === undefined) {
      return;
    }
    const { channel, socket } = next;
    this.greet(socket.remote.address, socket.remote.port);
    const conversation = this.converse(channel);
    channel.listen(conversation);
    this.input.connectTo(conversation);
  }

  private open(address: IpAddress | undefined, port: number): boolean {
    const socket = this.stack.udp.openDual(port, {
      datagram: (data, from, fromPort) => {
        if (this.conversation === undefined && socket !== undefined) {
          this.hear(socket, from, fromPort);
        }
        this.conversation?.received(data);
      },
    });
    this.socket = socket;
    if (socket !== undefined && address !== undefined) {
      socket.accepts = (_from, _fromPort, to) => to === address;
    }
    if (socket !== undefined && this.settings.again) {
      // It stays open to all, and can answer nobody.
      const deaf = { send: () => undefined, finish: () => undefined, close: () => undefined };
      this.input.connectTo(this.converse(deaf));
    }
    return socket !== undefined;
  }

  /** The first one who is heard is the peer. */
  private hear(socket: UdpSocket<IpAddress>, from: IpAddress, fromPort: number): void {
    this.greet(from, fromPort);
    const conversation = this.converse(UdpChannel.of(socket, from, fromPort));
    this.input.connectTo(conversation);
  }

  private converse(channel: NcChannel): NcConversation {
    const ended = (): void => {
      this.conversation = undefined;
      this.input.disconnect();
      if (this.over) {
        return;
      }
      if (this.settings.again) {
        this.serve();
      } else {
        this.done();
      }
    };
    const { simulator } = this.stack;
    this.conversation = new NcConversation(simulator, this.settings, channel, this.context.print, ended);
    return this.conversation;
  }

  private greet(from: IpAddress, port: number): void {
    this.tell(`Connection received on ${formatIp(from)} ${port}\n`);
  }

  private tell(text: string): void {
    if (this.settings.verbose) {
      this.context.print(text);
    }
  }
}
