/** Where Wireshark is on this machine, and how it is started with a file. */
import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where its installers put it, beside the search path: macOS, Windows. */
const USUAL_PLACES = [
  '/Applications/Wireshark.app/Contents/MacOS/Wireshark',
  'C:\\Program Files\\Wireshark\\Wireshark.exe',
];

/** The program: where the user says, else where it usually is. Undefined where there is none. */
export async function findWireshark(configured: string): Promise<string | undefined> {
  if (configured !== '') {
    return (await canRun(configured)) ? configured : undefined;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  const name = process.platform === 'win32' ? 'Wireshark.exe' : 'wireshark';
  for (const place of [...folders.map(folder => join(folder, name)), ...USUAL_PLACES]) {
    if (await canRun(place)) {
      return place;
    }
  }
  return undefined;
}

async function canRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts it with a capture file; it lives on when the editor ends. Rejects where it can't be started. */
export function startWireshark(program: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-r', file], { detached: true, stdio: 'ignore' });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
