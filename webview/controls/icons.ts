/** The panel's own symbols: 16 by 16, one colour, that of the text around them. Always beside a label or in a labelled button. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const icon = (drawing: SVGTemplateResult): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    ${drawing}
  </svg>`;

const line = (path: string): SVGTemplateResult => svg`<path class="icon-line" d=${path} />`;
const shape = (path: string): SVGTemplateResult => svg`<path class="icon-shape" d=${path} />`;

export const ICONS = {
  play: icon(shape('M4.5 2.6v10.8c0 .4.4.6.7.4l8.2-5.4c.3-.2.3-.6 0-.8L5.2 2.2c-.3-.2-.7 0-.7.4z')),
  pause: icon(shape('M4 2.5h2.6v11H4zM9.4 2.5H12v11H9.4z')),
  step: icon(svg`${shape('M3 3v10l6.6-5z')}${shape('M11 3h2v10h-2z')}`),
  stepBack: icon(svg`${shape('M13 3v10L6.4 8z')}${shape('M3 3h2v10H3z')}`),
  restart: icon(svg`${line('M12.9 5.6A5.5 5.5 0 1 0 13.5 8')}${line('M13.3 2.2v3.7H9.6')}`),
  fit: icon(line('M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10M6 6h4v4H6z')),
  export: icon(line('M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11')),
  followPacket: icon(
    svg`${line('M1.5 8h3M11.5 8h3M8 1.5v3M8 11.5v3')}${line('M8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7')}`,
  ),
  minimap: icon(svg`${line('M1.5 2.5h13v11h-13z')}${line('M8.5 8.5h4v3h-4z')}`),
  tidy: icon(line('M6 1.5h4v3H6zM1.5 11.5h4v3h-4zM10.5 11.5h4v3h-4zM8 4.5v3.5M3.5 11.5V8h9v3.5')),
  edit: icon(line('M10.8 2.4 13.6 5.2 5.6 13.2 2.2 13.8 2.8 10.4zM9 4.2 11.8 7')),
  cable: icon(svg`${line('M2 13.5c0-6 12-5 12-11')}${shape('M.8 11.8h2.6v2.6H.8zM12.6 1.6h2.6v2.6h-2.6z')}`),
  undo: icon(line('M5.4 2.6 2.4 5.6 5.4 8.6M2.4 5.6h7a4 4 0 0 1 0 8H6')),
  redo: icon(line('M10.6 2.6l3 3-3 3M13.6 5.6h-7a4 4 0 0 0 0 8H10')),
  columns: icon(line('M2 3h12v10H2zM6 3v10M10 3v10')),
  terminal: icon(line('M1.8 2.8h12.4v10.4H1.8zM4.2 6l2.2 2-2.2 2M8 10.2h3.6')),
  tables: icon(line('M2 3h12v10H2zM2 6.3h12M2 9.6h12M6.5 3v10')),
  picture: icon(line('M2 2.5h12v11H2zM2 11l3.4-3.6L8.5 10.5l2.2-2L14 11.5M10.5 5.2v.9')),
  filter: icon(line('M2 3h12L9.4 8.4v4.9l-2.8-1.6V8.4z')),
  apply: icon(line('M13 3v5H3.5M6.8 4.6 3.4 8l3.4 3.4')),
  close: icon(line('M3.7 3.7l8.6 8.6M12.3 3.7l-8.6 8.6')),
  follow: icon(line('M8 2v8M4.8 7 8 10.2 11.2 7M3 13.5h10')),
  warning: icon(svg`${line('M8 2.2 14.4 13.5H1.6z')}${line('M8 6.4v3.4M8 11.2v.9')}`),
  passed: icon(line('M3 8.6 6.4 12 13 4.4')),
  failed: icon(line('M4 4l8 8M12 4l-8 8')),
  closed: icon(line('M6 3.8 10.2 8 6 12.2')),
  open: icon(line('M3.8 6 8 10.2 12.2 6')),
} as const;
