// @ts-check
/** The programs that tests need beside Node, installed through apt where they are missing. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { SetupError, hasProgram, run, say } from './command.mjs';

/** What each kind of test runs, with the Debian package that has it; a path stands for a file that a package brings. */
const NEEDED = {
  tshark: { tshark: 'tshark' },
  kernel: {
    ip: 'iproute2',
    ping: 'iputils-ping',
    traceroute: 'traceroute',
    tcpdump: 'tcpdump',
    nft: 'nftables',
    ethtool: 'ethtool',
    // Carries a VPN.
    python3: 'python3-minimal',
    dig: 'bind9-dnsutils',
    '/bin/nc.openbsd': 'netcat-openbsd',
    // The names of ports.
    '/etc/services': 'netbase',
    // Real server and client of DHCP, and a real name server.
    dnsmasq: 'dnsmasq-base',
    busybox: 'busybox',
    radvd: 'radvd',
    // A switch with VLANs, which not every kernel has; the tests run it in a place of its own.
    'ovs-vswitchd': 'openvswitch-switch',
  },
  vscode: {
    chromium: 'chromium',
    // Without a font with Chinese glyphs, screenshots show boxes.
    '/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf': 'fonts-droid-fallback',
  },
};

/**
 * Installs what these kinds of test lack. Throws a SetupError that names the command to run where it may not.
 * @param {(keyof typeof NEEDED)[]} kinds
 */
export async function installDebianPackages(kinds) {
  const missing = [...new Set(kinds.flatMap(kind => lacking(NEEDED[kind])))].sort();
  if (missing.length === 0) return;
  const install = ['install', '--yes', '--no-install-recommends', ...missing];
  const hint = `install these by hand: sudo apt-get ${install.join(' ')}`;
  say(`installing Debian packages: ${missing.join(' ')}`);
  if (!hasProgram('apt-get'))
    throw new SetupError(`this is not a Debian system; it needs ${missing.join(', ')}`);
  const become = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  if (
    become.length > 0 &&
    spawnSync('sudo', ['--non-interactive', 'true'], { stdio: 'ignore' }).status !== 0
  ) {
    throw new SetupError(`this user may not install packages without a password; ${hint}`);
  }
  const apt = async (/** @type {string[]} */ args) => {
    const [program = '', ...rest] = [
      ...become,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      '-o=Dpkg::Use-Pty=0',
      ...args,
    ];
    return run(program, rest);
  };
  if (!(await apt(install)) && !((await apt(['update'])) && (await apt(install)))) {
    throw new SetupError(`apt-get failed; ${hint}`);
  }
  const still = kinds.flatMap(kind => lacking(NEEDED[kind]));
  if (still.length > 0) throw new SetupError(`still missing after the installation: ${still.join(', ')}`);
}

/** @param {Record<string, string>} programs @returns {string[]} packages whose program is not there */
function lacking(programs) {
  return Object.entries(programs)
    .filter(([program]) => !(program.startsWith('/') ? existsSync(program) : hasProgram(program)))
    .map(([, debianPackage]) => debianPackage);
}
