/** The entry of a simulation's thread: messages in, events out, and a timer that never runs while there is nothing to do. */
import { parentPort } from 'node:worker_threads';
import { Player } from './player';
import type { WorkerRequest } from './worker-messages';

function serve(port: NonNullable<typeof parentPort>): void {
  const player = new Player({
    post: (event, transfer = []) => port.postMessage(event, [...transfer]),
    wallTime: () => performance.now(),
  });
  let scheduled: NodeJS.Immediate | NodeJS.Timeout | undefined;

  const run = (): void => {
    scheduled = undefined;
    schedule(player.tick());
  };
  const schedule = (wait: number | undefined): void => {
    if (scheduled === undefined && wait !== undefined) {
      // An immediate lets waiting messages in between two slices.
      scheduled = wait === 0 ? setImmediate(run) : setTimeout(run, wait);
    }
  };

  port.on('message', (message: WorkerRequest) => {
    player.handle(message);
    schedule(0);
  });
}

if (parentPort !== null) {
  serve(parentPort);
}
