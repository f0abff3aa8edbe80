// Runs Python programs, one after the other, in MicroPython (WebAssembly), for engine.py beside this file:
//   node run.mjs JOB.json
// The job: {"programs": sources, "files": {path in the interpreter: path on this machine}, "heap": bytes, "stack": words}.
// What the program prints streams to standard output as it stands. When it fails, its traceback goes to standard
// error and the exit status is 1.

import fs from "node:fs";
import path from "node:path";
import { loadMicroPython } from "@micropython/micropython-webassembly-pyscript/micropython.mjs";

const FLUSH_AT = 4096; // bytes; the interpreter hands over one byte at a time, a write each would be slow

const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const waiting = new Uint8Array(FLUSH_AT);
let held = 0;

function flush() {
    for (let done = 0; done < held; ) {
        done += fs.writeSync(1, waiting, done, held - done);
    }
    held = 0;
}

function printed(bytes) {
    for (const byte of bytes) {
        waiting[held++] = byte;
        if (held === FLUSH_AT) {
            flush();
        }
    }
}

// linebuffer: the package's own line buffer would drop a last line that has no line end.
const python = await loadMicroPython({ heapsize: job.heap, pystack: job.stack, linebuffer: false, stdout: printed });

for (const [inside, outside] of Object.entries(job.files)) {
    python.FS.mkdirTree(path.posix.dirname(inside));
    python.FS.writeFile(inside, fs.readFileSync(outside));
}

try {
    for (const program of job.programs) {
        python.runPython(program);
    }
} catch (error) {
    process.exitCode = 1;
    flush();
    fs.writeSync(2, error.name === "PythonError" ? error.message : `${error.stack}\n`);
}
flush();
