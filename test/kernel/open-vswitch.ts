/** Open vSwitch with its datapath in user space, in a directory of its own: nothing of it outlives the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlannedBridge, PlannedBridgePort } from './network-plan';

/** The database's layout, as Debian installs it. */
const SCHEMA = '/usr/share/openvswitch/vswitch.ovsschema';

/** What a network of namespaces does for it. */
export interface SwitchHost {
  succeed(program: string, args: readonly string[]): Promise<string>;
  /** Starts a program in the namespace of the switch that runs until the network is closed. */
  serve(sign: string, program: string, ...args: string[]): Promise<void>;
}

export class OpenVswitch {
  private readonly directory = mkdtempSync(join(tmpdir(), 'vnet-ovs-'));

  constructor(private readonly host: SwitchHost) {}

  /** Starts it and plugs every port in; returns when it forwards. */
  async start({ ports, ageing = 300 }: PlannedBridge): Promise<void> {
    const { host } = this;
    const database = join(this.directory, 'conf.db');
    const socket = join(this.directory, 'db.sock');
    await host.succeed('ovsdb-tool', ['create', database, SCHEMA]);
    await host.serve(
      'ovsdb-server (Open vSwitch)',
      'ovsdb-server',
      database,
      `--remote=punix:${socket}`,
      `--unixctl=${join(this.directory, 'db.ctl')}`,
    );
    const configure = async (...args: string[]): Promise<string> =>
      host.succeed('ovs-vsctl', ['--timeout=10', `--db=unix:${socket}`, ...args]);
    await configure('--no-wait', 'init');
    await host.serve(
      'ovs-vswitchd (Open vSwitch)',
      'ovs-vswitchd',
      `unix:${socket}`,
      `--unixctl=${join(this.directory, 'switch.ctl')}`,
    );
    const bridge = ['add-br', 'br0', '--', 'set', 'bridge', 'br0', 'datapath_type=netdev'];
    await configure(
      ...[...bridge, `other_config:mac-aging-time=${ageing}`],
      ...ports.flatMap(port => ['--', 'add-port', 'br0', port.name, ...vlanSettings(port)]),
    );
  }

  /** Removes what it kept; its processes have ended. */
  clear(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** ovs-vswitchd.conf.db(5), `tag`, `trunks` and `vlan_mode` of a port. */
function vlanSettings({ vlan, trunk }: PlannedBridgePort): string[] {
  const tag = vlan === undefined ? [] : [`tag=${vlan}`];
  if (trunk === undefined) {
    return tag;
  }
  const mode = vlan === undefined ? 'trunk' : 'native-untagged';
  return [...tag, `trunks=${trunk.join(',')}`, `vlan_mode=${mode}`];
}
