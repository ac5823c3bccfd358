/** The entry of the thread that reads one capture file: the file in slices, messages in, events out. */
import { open } from 'node:fs/promises';
import { parentPort } from 'node:worker_threads';
import type { CaptureWorkerRequest } from './capture-protocol';
import { CaptureViewer } from './capture-viewer';

/** Bytes read at once: between two of them questions are answered. */
const SLICE = 262_144;

function serve(port: NonNullable<typeof parentPort>): void {
  const viewer = new CaptureViewer({
    post: (event, transfer = []) => port.postMessage(event, [...transfer]),
    wallTime: () => performance.now(),
  });
  let scheduled: NodeJS.Immediate | NodeJS.Timeout | undefined;

  const run = (): void => {
    scheduled = undefined;
    schedule(viewer.tick());
  };
  const schedule = (wait: number | undefined): void => {
    if (scheduled === undefined && wait !== undefined) {
      scheduled = wait === 0 ? setImmediate(run) : setTimeout(run, wait);
    }
  };
  const finish = (unreadable?: string): void => {
    viewer.ends(unreadable);
    schedule(0);
  };

  port.on('message', (message: CaptureWorkerRequest) => {
    switch (message.type) {
      case 'open-path':
        void readFile(message.path, viewer, () => schedule(0)).then(finish);
        break;
      case 'open-bytes':
        void readBytes(message.bytes, viewer, () => schedule(0)).then(finish);
        break;
      case 'unreadable':
        finish(message.message);
        break;
      case 'tell-again':
        viewer.tellAgain();
        break;
      case 'simulation':
        viewer.handle(message.request);
        break;
    }
    schedule(0);
  });
}

/** Reads slice by slice until the end; resolves with why it can't be read, where it can't. */
async function readFile(path: string, viewer: CaptureViewer, taken: () => void): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      viewer.begins((await file.stat()).size);
      for (;;) {
        // A new buffer each time: what is not read yet of one stays in use.
        const { bytesRead, buffer } = await file.read(new Uint8Array(SLICE), 0, SLICE, null);
        if (bytesRead === 0 || !viewer.take(buffer.subarray(0, bytesRead))) {
          return undefined;
        }
        taken();
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readBytes(bytes: Uint8Array, viewer: CaptureViewer, taken: () => void): Promise<undefined> {
  viewer.begins(bytes.length);
  for (let at = 0; at < bytes.length && viewer.take(bytes.subarray(at, at + SLICE)); at += SLICE) {
    taken();
    await new Promise(resolve => void setImmediate(resolve));
  }
}

if (parentPort !== null) {
  serve(parentPort);
}
