/** The entry of the `vnet` command. */
import { runCli } from './program';

/** 128 + SIGPIPE, as a shell reports a tool whose reader went away. */
const READER_GONE = 141;

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? READER_GONE : 2);
  });
}

void runCli(process.argv.slice(2), {
  out: text => void process.stdout.write(text),
  error: text => void process.stderr.write(text),
}).then(status => {
  process.exitCode = status;
});
