import { Socket } from 'node:net';

// Runs in a thread of its own: see end-with-runner.ts.
const input = new Socket({ fd: 0, readable: true, writable: false });
input.on('error', end);
input.on('close', end);
input.resume();

function end(): void {
  try {
    // The stage leads its own process group.
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}
