/**
 * The layout engine in a worker of the page, so that a large network never blocks it. A webview may not start a worker from its own
 * addresses, so the script is fetched as text and started from a blob (the page's policy needs `connect-src` and `worker-src blob:`).
 */
import ElkConstructor from 'elkjs/lib/elk-api';
import type { ElkNode, LayoutEngine } from './elk';

/** Milliseconds after which a layout is given up: a network of 3000 devices takes about 5 s. */
const PATIENCE = 20_000;

/** The smallest graph, laid out at the start: the engine's code gets compiled while the page still waits for its topology. */
const WARM_UP: ElkNode = {
  id: 'root',
  layoutOptions: { 'elk.algorithm': 'layered' },
  children: [
    { id: 'a', width: 1, height: 1 },
    { id: 'b', width: 1, height: 1 },
  ],
  edges: [{ id: 'e', sources: ['a'], targets: ['b'] }],
};

/** An engine on its own thread, which must be ended with `dispose`. */
export interface WorkerEngine extends LayoutEngine {
  dispose(): void;
}

/** Starts at once; a script that can't be had makes each layout reject. @param script address of elkjs's worker script */
export function createWorkerEngine(script: string): WorkerEngine {
  const source = fetchAsBlob(script);
  let elk = source.then(start);
  elk.then(engine => engine.layout(structuredClone(WARM_UP))).catch(() => undefined);
  return {
    async layout(graph) {
      const engine = await elk;
      const result = await withinPatience(engine.layout(graph));
      if (result === undefined) {
        engine.terminateWorker();
        elk = source.then(start);
        throw new Error(`The layout took more than ${PATIENCE / 1000} s.`);
      }
      return result;
    },
    dispose() {
      elk.then(engine => engine.terminateWorker()).catch(() => undefined);
    },
  };
}

async function fetchAsBlob(script: string): Promise<string> {
  const response = await fetch(script);
  if (!response.ok) {
    throw new Error(`The layout engine could not be read: ${response.status} ${response.statusText}`);
  }
  return URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
}

function start(address: string): InstanceType<typeof ElkConstructor> {
  return new ElkConstructor({ workerFactory: () => new Worker(address) });
}

function withinPatience(layout: Promise<ElkNode>): Promise<ElkNode | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), PATIENCE);
  });
  return Promise.race([layout, limit]).finally(() => clearTimeout(timer));
}
