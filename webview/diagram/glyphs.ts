/**
 * The small pictures in the symbols, on a grid of 16: strokes only, so that they take the colour of their class and stay readable at 16
 * pixels. Each is told apart by its form alone.
 */
import type { NodeKind } from './model';

/** Path data to stroke. */
export const GLYPHS: Readonly<Record<NodeKind, string>> = {
  // A globe with its equator and a meridian.
  internet:
    'M1.5 8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M1.5 8h13M8 1.5c-4.2 4-4.2 9 0 13M8 1.5c4.2 4 4.2 9 0 13',
  // A disc with two arrows in and two out, the router of every textbook.
  router:
    'M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0M8 7V3.2M6.5 4.7L8 3.2l1.5 1.5M8 9v3.8M6.5 11.3L8 12.8l1.5-1.5M3 8h3.4M4.9 6.5L6.4 8L4.9 9.5M13 8H9.6M11.1 6.5L9.6 8l1.5 1.5',
  // A bus with four taps.
  network: 'M1 8h14M3.5 8V3.5M8 8V3.5M12.5 8V3.5M5.8 8v4.5M10.2 8v4.5',
  // Two arrows that pass each other in a box.
  switch: 'M1 3.5h14v9H1zM3.2 6.4h8.6M10 4.8l1.8 1.6L10 8M12.8 9.9H4.2M6 8.3L4.2 9.9L6 11.5',
  // A middle with a way to each side: what comes in goes out everywhere.
  hub: 'M8 5.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4M8 5.8V1.5M8 10.2v4.3M5.8 8H1.5M10.2 8h4.3M6.4 6.4L3.4 3.4M9.6 9.6l3 3',
  // The switch's arrows in a frame that is not of metal.
  'virtual-switch':
    'M1 6V3.5h2.5M12.5 3.5H15V6M15 10v2.5h-2.5M3.5 12.5H1V10M3.2 6.4h8.6M10 4.8l1.8 1.6L10 8M12.8 9.9H4.2M6 8.3L4.2 9.9L6 11.5',
  // The switch's arrows on a line that goes over piers.
  bridge:
    'M1 3.5h14v9H1zM3.2 6.4h8.6M10 4.8l1.8 1.6L10 8M12.8 9.9H4.2M6 8.3L4.2 9.9L6 11.5M4 12.5v2M12 12.5v2',
  // A screen on its foot.
  host: 'M1.5 2.5h13v8.5h-13zM8 11v2.5M4.8 13.5h6.4',
  // A computer inside a computer: a screen with another in it.
  vm: 'M1.5 2h13v9.5h-13zM4.7 13.8h6.6M8 11.5v2.3M5.2 4.6h5.6v4.2H5.2z',
  // A crate.
  container: 'M8 1.5l6 3v7l-6 3l-6-3v-7zM2 4.5l6 3l6-3M8 7.5v7M5 3l6 3',
  // An arrow that passes a gate.
  nat: 'M8 1.5v3.6M8 10.9v3.6M1.5 8h11.2M9.6 4.9L12.7 8l-3.1 3.1',
  // A list with its entries ticked off.
  dhcp: 'M2.5 1.5h11v13h-11zM4.8 5l1 1l1.6-2M9 5h2.7M4.8 8.6l1 1l1.6-2M9 8.6h2.7M5 12.2h6.7',
  // A pipe, and what comes out of it.
  tunnel: 'M5 3.5a2 4.5 0 1 0 0 9a2 4.5 0 1 0 0-9M5 3.5h6a2 4.5 0 0 1 0 9H5M5 8h4M7.6 6.6L9 8L7.6 9.4',
};
