import { describe, expect, it } from 'vitest';
import { cablePath } from '../../../webview/diagram/cable-path';
import { blendDrawings, commonShift } from '../../../webview/diagram/drawing-blend';
import { createInProcessEngine } from '../../../webview/diagram/elk-in-process';
import { pointAlong } from '../../../webview/diagram/geometry';
import { placeHeader } from '../../../webview/diagram/header';
import { layoutDiagram } from '../../../webview/diagram/layout';
import { diagramModel } from '../../../webview/diagram/model';
import { isArrowKey, nearestNode } from '../../../webview/diagram/nearest';
import { portPaths } from '../../../webview/diagram/port-paths';
import { PLAIN_STATE, sceneElements } from '../../../webview/diagram/scene';
import { ENGLISH_STRINGS } from '../../../webview/diagram/strings';
import { svgText } from '../../../webview/diagram/svg-text';
import type { SvgElement } from '../../../webview/diagram/svg-tree';
import { fitText, textWidth } from '../../../webview/diagram/text-width';
import { domainsView } from '../../../webview/diagram/views/domains-view';
import { homeWithTwoNatGuests, office, TopologyBuilder, virtualBoxModes } from './sample-topologies';

const engine = createInProcessEngine();
const home = homeWithTwoNatGuests();
const { drawing } = await layoutDiagram(diagramModel(home), engine);

const all = (elements: readonly SvgElement[]): SvgElement[] =>
  elements.flatMap(element => [element, ...all(element.children)]);
const texts = (elements: readonly SvgElement[]): string[] => all(elements).flatMap(({ text }) => text ?? []);

describe('sceneElements', () => {
  const plain = sceneElements(drawing, PLAIN_STATE);

  it('writes every name and address', () => {
    expect(texts(plain)).toEqual(
      expect.arrayContaining(['laptop', 'nat-1', '192.168.1.0/24', 'eth0', '192.168.1.1/24']),
    );
  });

  it('uses classes and no style attributes, which the page may not have', () => {
    expect(all(plain).filter(element => 'style' in element.attributes)).toEqual([]);
  });

  it('has a key for each element that is unique among its siblings', () => {
    const check = (elements: readonly SvgElement[]): void => {
      expect(new Set(elements.map(({ key }) => key)).size).toBe(elements.length);
      elements.forEach(element => check(element.children));
    };
    check(plain);
  });

  it('changes an address and nothing else when one is leased', () => {
    const addresses = new Map([['laptop:eth0', '192.168.1.100/24']]);
    const leased = sceneElements(drawing, { ...PLAIN_STATE, addresses });
    const places = (elements: readonly SvgElement[]) =>
      all(elements).map(({ key, attributes }) => [key, attributes['x']]);
    expect(places(leased)).toEqual(places(plain));
    expect(texts(leased).filter(text => !texts(plain).includes(text))).toEqual(['192.168.1.100/24']);
  });

  it('shows no leased address in a view that has no room for addresses', async () => {
    const { model } = domainsView(home, ENGLISH_STRINGS);
    const domains = await layoutDiagram(model, engine);
    const addresses = new Map([['laptop:eth0', '192.168.1.100/24']]);
    const leased = sceneElements(domains.drawing, { ...PLAIN_STATE, addresses });
    expect(texts(leased)).not.toContain('192.168.1.100/24');
  });

  it('leaves room for the widest address', () => {
    const label = drawing.ports.find(port => port.id === 'laptop:eth0')!.label!;
    expect(label.width).toBeGreaterThanOrEqual(textWidth('255.255.255.255/24', 10.5));
  });

  it('marks the selected device and its cables', () => {
    const selected = all(sceneElements(drawing, { ...PLAIN_STATE, selected: 'nat-1' }));
    const marked = selected.filter(({ attributes }) =>
      /vnet-(selected|touched)/.test(attributes['class'] ?? ''),
    );
    expect(marked.map(({ key }) => key)).toEqual(['nat-1:enp0s3 -- nat-1:1/nat:guest', 'nat-1']);
  });

  it('lets the keyboard reach exactly one device, and names all of them', () => {
    const state = { ...PLAIN_STATE, describe: (id: string) => `device ${id}`, focusable: 'home' };
    const options = all(sceneElements(drawing, state)).filter(
      ({ attributes }) => attributes['role'] === 'option',
    );
    expect(options).toHaveLength(drawing.nodes.length);
    expect(options.filter(({ attributes }) => attributes['tabindex'] === '0').map(({ key }) => key)).toEqual([
      'home',
    ]);
    expect(options[0]!.attributes['aria-label']).toBe('device laptop');
  });
});

describe('svgText', () => {
  it('stands on its own, in both palettes', () => {
    for (const palette of ['light', 'dark'] as const) {
      const text = svgText(drawing, { palette, title: 'Home' });
      expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(text).not.toMatch(/var\(|NaN|undefined/);
      expect(text.match(/<g /g)?.length).toBe(text.match(/<\/g>/g)?.length);
    }
  });

  it('escapes what a file may contain', async () => {
    const topology = new TopologyBuilder().stack('host', '<a&"b>\u0007\ud800', { eth0: '' }).build();
    const layout = await layoutDiagram(diagramModel(topology), engine);
    const text = svgText(layout.drawing, { palette: 'light', title: '<script>' });
    expect(text).toContain('&lt;a&amp;&quot;b&gt;\ufffd\ufffd');
    expect(text).not.toContain('<script>');
  });
});

describe('text widths', () => {
  it('are at least those of DejaVu Sans, the widest usual font', () => {
    // Measured in Chromium, px at size 10.
    expect(textWidth('255.255.255.255/24', 10)).toBeGreaterThanOrEqual(102);
    expect(textWidth('home-router', 10)).toBeGreaterThanOrEqual(63);
    expect(textWidth('nat-1', 10, true)).toBeGreaterThanOrEqual(30);
  });

  it('count an ideograph as a square', () => {
    expect(textWidth('家庭路由器', 20)).toBeGreaterThanOrEqual(100);
  });

  it('shorten what is too long, by whole characters', () => {
    expect(fitText('short', 100, 10)).toBe('short');
    const fitted = fitText('𠮷'.repeat(100), 100, 10);
    expect(fitted).toMatch(/^𠮷+…$/u);
    expect(textWidth(fitted, 10)).toBeLessThanOrEqual(100);
  });
});

describe('portPaths', () => {
  const paths = portPaths(home, drawing);
  const names = home.devices.flatMap(device => device.ports.map(port => `${device.id}:${port.name}`));

  it('counts the ports of all devices in the order of the topology', () => {
    expect(paths).toHaveLength(names.length);
    expect(paths[names.indexOf('laptop:eth0')]!.cable!.id).toBe('laptop:eth0 -- home:2');
  });

  it('leads from the port to the other end', () => {
    const there = paths[names.indexOf('laptop:eth0')]!;
    const back = paths[names.indexOf('home:2')]!;
    expect(there.cable!.points[0]).toEqual(there.at);
    expect(back.cable!.points).toEqual([...there.cable!.points].reverse());
  });

  it('places a port that is not drawn in the middle of its device', async () => {
    const topology = new TopologyBuilder().segment('switch', 'sw', 4).build();
    const layout = await layoutDiagram(diagramModel(topology), engine);
    const [node] = layout.drawing.nodes;
    expect(portPaths(topology, layout.drawing)[2]).toEqual({
      at: { x: node!.x + node!.width / 2, y: node!.y + node!.height / 2 },
      cable: undefined,
    });
  });
});

describe('arrow keys', () => {
  it('lead down from the internet to the laptop', () => {
    const way = ['internet'];
    for (let step = 0; step < 3; step++) {
      way.push(nearestNode(drawing, way.at(-1)!, 'ArrowDown')!);
    }
    expect(way).toEqual(['internet', 'home-router', 'home', 'laptop']);
  });

  it('reach every device from every device', async () => {
    for (const topology of [home, virtualBoxModes(), office()]) {
      const layout = await layoutDiagram(diagramModel(topology), engine);
      const ids = layout.drawing.nodes.map(node => node.id);
      const reached = new Set([ids[0]!]);
      for (const id of reached) {
        for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].filter(isArrowKey)) {
          const next = nearestNode(layout.drawing, id, key);
          if (next !== undefined) {
            reached.add(next);
          }
        }
      }
      expect(ids.filter(id => !reached.has(id))).toEqual([]);
    }
  });

  it('stop at the edge', () => {
    expect(nearestNode(drawing, 'internet', 'ArrowUp')).toBeUndefined();
    expect(isArrowKey('toString')).toBe(false);
  });
});

describe('blendDrawings', () => {
  const shifted = { ...drawing, nodes: drawing.nodes.map(node => ({ ...node, x: node.x + 100 })) };

  it('begins at the old places and ends at the new ones', () => {
    expect(blendDrawings(shifted, drawing, 1).nodes).toEqual(drawing.nodes);
    expect(blendDrawings(shifted, drawing, 0).nodes.map(node => node.x)).toEqual(
      shifted.nodes.map(node => node.x),
    );
    expect(blendDrawings(shifted, drawing, 0.5).nodes[0]!.x).toBe(drawing.nodes[0]!.x + 50);
  });

  it('puts what is new at its place at once', () => {
    const less = { ...drawing, nodes: drawing.nodes.slice(1), ports: [], cables: [] };
    expect(blendDrawings(less, drawing, 0)).toEqual(drawing);
  });

  it('sees the movement that most share', () => {
    expect(commonShift(drawing, shifted)).toEqual({ x: 100, y: 0 });
  });
});

describe('paths', () => {
  it('round the bends, less where there is no room', () => {
    expect(
      cablePath([
        { x: 0, y: 0 },
        { x: 0, y: 50 },
        { x: 40, y: 50 },
      ]),
    ).toBe('M0 0L0 42Q0 50 8 50L40 50');
    expect(
      cablePath([
        { x: 0, y: 0 },
        { x: 0, y: 6 },
        { x: 40, y: 6 },
      ]),
    ).toBe('M0 0L0 3Q0 6 3 6L40 6');
    expect(cablePath([])).toBe('');
  });

  it('are walked by their length', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 0, y: 30 },
      { x: 10, y: 30 },
    ];
    expect(pointAlong(points, 0.5)).toEqual({ x: 0, y: 20 });
    expect(pointAlong(points, 2)).toEqual({ x: 10, y: 30 });
    expect(pointAlong([], 0.5)).toEqual({ x: 0, y: 0 });
  });
});

describe('placeHeader', () => {
  const box = { x: 0, y: 0, width: 300, height: 200 };
  const size = { width: 80, height: 24 };

  it('stands at the left, or after the first cable in its way', () => {
    expect(placeHeader(box, size, []).x).toBe(10);
    expect(placeHeader(box, size, [150]).x).toBe(10);
    expect(placeHeader(box, size, [60]).x).toBe(70);
    expect(placeHeader(box, size, [60, 120]).x).toBe(130);
  });

  it('takes the widest gap where none is wide enough', () => {
    expect(placeHeader(box, size, [90, 180, 270]).x).toBe(5);
  });
});

describe('a picture seen from afar', () => {
  it('shows the names alone, larger and within their symbols', async () => {
    const { drawing: modes } = await layoutDiagram(diagramModel(virtualBoxModes()), engine);
    const layers = sceneElements(modes, { ...PLAIN_STATE, namesOnly: true });
    const layer = (name: string) => layers.find(({ key }) => key === name)!.children;
    expect(layer('labels')).toEqual([]);
    for (const symbol of layer('symbols')) {
      const node = modes.nodes.find(({ id }) => id === symbol.key)!;
      const [name, ...more] = symbol.children.filter(({ tag }) => tag === 'text');
      const font = Number(name!.attributes['font-size']);
      expect(more).toEqual([]);
      expect(font).toBeGreaterThanOrEqual(13);
      expect(textWidth(name!.text!, font, true)).toBeLessThanOrEqual(node.width);
    }
  });
});
