/** Whether a cable is plugged in, as the file says it. */
import type { ResolvedCable, ResolvedDevice } from '../../src/topology/resolved';

/** A link has `up` of its own; a cable that is there because an interface names a network is out while the interface is off. */
export function isPluggedIn(
  { up, ends, source }: ResolvedCable,
  deviceOf: (id: string) => ResolvedDevice | undefined,
): boolean {
  const isOff = ends.some(({ device, port }) => {
    const owner = deviceOf(device);
    return (
      owner !== undefined &&
      'interfaces' in owner &&
      owner.interfaces.some(one => one.name === port && one.up === false)
    );
  });
  return up && (source[0] === 'links' || !isOff);
}
