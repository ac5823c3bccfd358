import { describe, expect, it } from 'vitest';
import { findNodes } from '../../../webview/diagram/find-node';
import { diagramModel } from '../../../webview/diagram/model';
import { virtualBoxModes } from './sample-topologies';

const model = diagramModel(virtualBoxModes());
const find = (text: string, addresses = new Map<string, string>()) => findNodes(model, text, addresses);

describe('findNodes', () => {
  it('finds by the beginning of a name before parts of names', () => {
    expect(find('in')).toEqual(['internet', 'intnet', 'in-1', 'in-2']);
    expect(find('GW')).toEqual(['gw', 'gw:1/nat', 'gw2']);
  });

  it('finds by an address of the file, of a lease, or by a subnet', () => {
    expect(find('10.10.0.2')).toEqual(['in-1']);
    expect(find('192.168.1.77')).toEqual([]);
    expect(find('192.168.1.77', new Map([['br-1:enp0s3', '192.168.1.77/24']]))).toEqual(['br-1']);
    expect(find('192.168.56.')).toEqual(['laptop', 'vboxnet0-net']);
  });

  it('finds nothing for nothing', () => {
    expect(find('  ')).toEqual([]);
    expect(find('no such thing')).toEqual([]);
  });
});
