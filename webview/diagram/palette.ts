/** Looks of a drawing outside VS Code, where there is no theme to ask. The same classes as in diagram.css. */
import type { NodeKind } from './model';

export type PaletteName = 'light' | 'dark';

interface Palette {
  readonly paper: string;
  readonly surface: string;
  readonly container: string;
  readonly ink: string;
  readonly faint: string;
  readonly cable: string;
  readonly blue: string;
  readonly green: string;
  readonly purple: string;
  readonly orange: string;
  readonly yellow: string;
  readonly red: string;
}

const PALETTES: Readonly<Record<PaletteName, Palette>> = {
  light: {
    paper: '#ffffff',
    surface: '#fcfcfd',
    container: '#f5f6f8',
    ink: '#1f2328',
    faint: '#5c6670',
    cable: '#7a8490',
    blue: '#1a5fb4',
    green: '#2b7a3d',
    purple: '#6f42a8',
    orange: '#b3541e',
    yellow: '#8a6500',
    red: '#b3261e',
  },
  dark: {
    paper: '#1f1f1f',
    surface: '#262729',
    container: '#252629',
    ink: '#e3e5e8',
    faint: '#a3abb4',
    cable: '#87919c',
    blue: '#6cb0ff',
    green: '#7cc98a',
    purple: '#c19aef',
    orange: '#e99a6c',
    yellow: '#e0bd5c',
    red: '#ff8a80',
  },
};

/** Lines of broadcast domains; diagram.css has the same. */
const DOMAIN_PATTERN_RULES = [
  '.vnet-strand{fill:none;stroke-width:3}',
  '.vnet-pattern-1{stroke-dasharray:11 4}',
  '.vnet-pattern-2{stroke-dasharray:3 3}',
  '.vnet-pattern-3{stroke-dasharray:12 3 3 3}',
  '.vnet-pattern-4{stroke-dasharray:20 5}',
  '.vnet-trunk{stroke-width:6}',
];

/** Rules for a style element. */
export function paletteStyle(name: PaletteName): string {
  const p = PALETTES[name];
  const accents: Readonly<Record<NodeKind, string>> = {
    internet: p.blue,
    router: p.orange,
    network: p.green,
    switch: p.green,
    hub: p.green,
    'virtual-switch': p.green,
    bridge: p.green,
    host: p.faint,
    vm: p.purple,
    container: p.purple,
    nat: p.yellow,
    dhcp: p.yellow,
    tunnel: p.yellow,
  };
  return [
    'text{font-family:"Segoe UI","Helvetica Neue",Arial,"Noto Sans","DejaVu Sans",sans-serif}',
    `.vnet-paper{fill:${p.paper}}`,
    '.vnet-ring,.vnet-fold{display:none}',
    `.vnet-outline{fill:${p.surface};stroke-width:1.5}`,
    `.vnet-holder>.vnet-outline{fill:${p.container}}`,
    '.vnet-glyph{fill:none;stroke-width:1.1;stroke-linecap:round;stroke-linejoin:round}',
    ...Object.entries(accents).map(
      ([kind, colour]) => `.vnet-${kind}>.vnet-outline,.vnet-${kind}>.vnet-glyph{stroke:${colour}}`,
    ),
    ...[p.blue, p.orange, p.green, p.purple, p.red, p.yellow].map(
      (colour, index) => `.vnet-domain-${index}{stroke:${colour}}`,
    ),
    ...DOMAIN_PATTERN_RULES,
    `.vnet-label{fill:${p.ink};font-size:13px;font-weight:600}`,
    `.vnet-detail{fill:${p.faint};font-size:11px}`,
    `.vnet-cable,.vnet-member,.vnet-sockets{fill:none;stroke:${p.cable};stroke-width:1.75}`,
    '.vnet-sockets{stroke-dasharray:5 4;stroke-width:1.25}',
    '.vnet-down{stroke-dasharray:2 6;stroke-linecap:round}',
    `.vnet-port{fill:${p.cable};stroke:${p.paper};stroke-width:1}`,
    `.vnet-socket{fill:${p.cable}}`,
    `.vnet-port-name,.vnet-address,.vnet-cable-label{font-size:10.5px;fill:${p.faint};paint-order:stroke;stroke:${p.paper};stroke-width:3px;stroke-linejoin:round}`,
    `.vnet-address{fill:${p.ink}}`,
    `.vnet-pending{fill:${p.faint};font-style:italic}`,
    `.vnet-cable-label-back{fill:${p.paper}}`,
    `.vnet-inside{stroke:${p.container}}`,
    `.vnet-cable-label-back.vnet-inside{fill:${p.container}}`,
  ].join('\n');
}
