/** Programs for node that a machine made of a namespace runs, as source text; each takes its arguments on its command line. */

/** Sends one datagram from an unconnected socket. Arguments: own port, address, port, text, whether to wait for an answer. */
export const SEND_DATAGRAM = `
const [ownPort, address, port, text, answered] = process.argv.slice(1);
const socket = require('node:dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
const silence = setTimeout(() => process.exit(1), 5000);
const end = () => { clearTimeout(silence); socket.close(); };
socket.on('message', end);
socket.bind(Number(ownPort), () => socket.send(text, Number(port), address, () => answered === 'true' || end()));
`;

/** Sends every datagram back. Arguments: the port, `udp4` or `udp6`. */
export const ECHO_DATAGRAMS = `
const socket = require('node:dgram').createSocket(process.argv[2]);
socket.on('message', (data, { address, port }) => socket.send(data, port, address));
socket.bind(Number(process.argv[1]), () => console.log('ready'));
`;

/** Sends one datagram and waits for the answer. Arguments: own port, address, port, its bytes in hexadecimal. */
export const ASK = `
const [ownPort, address, port, bytes] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
const silence = setTimeout(() => process.exit(1), 5000);
socket.on('message', () => { clearTimeout(silence); socket.close(); });
socket.bind(Number(ownPort), () => socket.send(Buffer.from(bytes, 'hex'), Number(port), address));
`;

/** For python3: puts a frame on the wire. Arguments: interface, its bytes in hexadecimal. */
export const SEND_FRAME = `
import socket, sys
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind((sys.argv[1], 0))
wire.send(bytes.fromhex(sys.argv[2]))
`;

/** Joins a group and stays in it until it is told to go, by a socket that only its own machine has. Arguments: interface, group. */
export const JOIN_GROUP = `
import socket, struct, sys
member = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
index = socket.if_nametoindex(sys.argv[1])
request = struct.pack("4s4si", socket.inet_aton(sys.argv[2]), b"\\0" * 4, index)
member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
orders = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
orders.bind("\\0" + sys.argv[2])
print("joined", flush=True)
orders.recv(1)
`;

/** Tells the program that joined a group to go. Argument: group. */
export const LEAVE_GROUP = `
import socket, sys
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", "\\0" + sys.argv[1])
`;

/** Looks the IPv4 addresses of a name up as programs do; for sh. Arguments: name server, name. */
export const LOOK_UP = `
file=$(mktemp) && echo "nameserver $0" > "$file" && mount --bind "$file" /etc/resolv.conf && rm "$file"
getent ahostsv4 "$1" || true
`;

/** A TCP client. Arguments: own port, address, port, line or nothing, bytes that come then, what to do then, seconds to give up after. */
export const CONNECT = `
const [localPort, host, port, line, bytes, then, patience] = process.argv.slice(1);
const silence = setTimeout(() => process.exit(1), 20000);
let awaited = Number(bytes);
const socket = require('node:net').connect({ host, port: Number(port), localPort: Number(localPort) });
const enough = () => then === 'reset' ? socket.resetAndDestroy() : socket.end();
socket.on('connect', () => line === '' ? enough() : socket.write(line));
socket.on('data', data => (awaited -= data.length) === 0 && enough());
socket.on('error', ({ code }) => console.log(code));
const despair = setTimeout(() => socket.resetAndDestroy(), Number(patience) * 1000);
socket.on('close', () => { clearTimeout(silence); clearTimeout(despair); });
`;

/** A TCP server. Arguments: port, whether it resets connections instead of answering. */
export const SERVE_BYTES = `
const [port, resets] = process.argv.slice(1);
const server = require('node:net').createServer(socket => {
  socket.on('error', () => {});
  socket.on('data', line => resets === 'true'
    ? socket.resetAndDestroy()
    : socket.write(Buffer.alloc(Number(/\\d+/.exec(line)[0]), 'A')));
});
server.listen(Number(port), () => console.log('ready'));
`;

/**
 * For python3: makes a TUN or TAP device and carries each packet or frame in a UDP datagram, without a header. Arguments: kind, device,
 * remote address, port of both ends. Numbers are those of linux/if_tun.h: TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI.
 */
export const CARRY_OVER_UDP = `
import fcntl, os, select, socket, struct, sys
kind, device, remote, port = sys.argv[1:]
tun = os.open('/dev/net/tun', os.O_RDWR)
flags = (1 if kind == 'tun' else 2) | 0x1000
fcntl.ioctl(tun, 0x400454ca, struct.pack('16sH22x', device.encode(), flags))
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
wire.bind(('', int(port)))
print('ready')
while True:
    for ready in select.select([tun, wire], [], [])[0]:
        if ready == tun:
            wire.sendto(os.read(tun, 65536), (remote, int(port)))
        else:
            os.write(tun, wire.recv(65536))
`;
