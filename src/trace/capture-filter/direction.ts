/** Which end of a packet a value is looked for at. */

export type Direction = 'src' | 'dst' | 'src or dst' | 'src and dst';

export function inDirection(direction: Direction, source: boolean, destination: boolean): boolean {
  switch (direction) {
    case 'src':
      return source;
    case 'dst':
      return destination;
    case 'src or dst':
      return source || destination;
    case 'src and dst':
      return source && destination;
  }
}
