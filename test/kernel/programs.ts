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

/** Sends every datagram back. Argument: the port. */
export const ECHO_DATAGRAMS = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (data, { address, port }) => socket.send(data, port, address));
socket.bind(Number(process.argv[1]), () => console.log('ready'));
`;

/** A TCP client. Arguments: own port, address, port, line or nothing, bytes that come then, what to do then. */
export const CONNECT = `
const [localPort, host, port, line, bytes, then] = process.argv.slice(1);
const silence = setTimeout(() => process.exit(1), 20000);
let awaited = Number(bytes);
const socket = require('node:net').connect({ host, port: Number(port), localPort: Number(localPort) });
const enough = () => then === 'reset' ? socket.resetAndDestroy() : socket.end();
socket.on('connect', () => line === '' ? enough() : socket.write(line));
socket.on('data', data => (awaited -= data.length) === 0 && enough());
socket.on('error', ({ code }) => console.log(code));
socket.on('close', () => clearTimeout(silence));
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
