// Generated from runtime/bundle.ts by scripts/build-runtime.ts.

/** The body of a function that returns what runtime/bundle.ts exports. */
export const runtimeText = `\
function decodeBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

var CnncError = class extends Error {
  code;
  constructor(code, message, options) {
    super(message, options);
    this.name = "CnncError";
    this.code = code;
  }
};

var MAGIC = [137, 67, 78, 78, 13, 10, 26, 10];
var CHUNK_BYTES = 1 << 20;
var HASH_BYTES = 32;
var SEAL_AT = MAGIC.length;
var SEALED_AT = SEAL_AT + HASH_BYTES;
var TABLE_AT = SEALED_AT + 16;
var headerBytes = (dataBytes2) => TABLE_AT + HASH_BYTES * Math.ceil(dataBytes2 / CHUNK_BYTES);
var elements = (shape) => shape.reduce((a, b) => a * b, 1);

function readBatch(specs, input) {
  const inputs = byName(specs, input);
  const sizes = specs.map((spec, i) => batchSize(spec, inputs[i]));
  if (sizes.some((size) => size !== sizes[0])) {
    throw new CnncError("INPUT_LENGTH", \`the inputs hold different numbers of items: \${sizes.join(", ")}\`);
  }
  return { size: sizes[0], inputs: inputs.map((array) => array.slice()) };
}
function byName(specs, input) {
  const names = specs.map(({ name }) => name);
  const expected = \`expected \${names.map(quote).join(", ")}\`;
  if (ArrayBuffer.isView(input)) {
    if (names.length === 1) return [input];
    throw new CnncError(
      "INPUT_NAME",
      \`the model has \${names.length} inputs: give arrays by name, \${expected}\`
    );
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new CnncError(
      "INPUT_TYPE",
      \`the input has type \${kindOf(input)}, expected a Float32Array or arrays by name\`
    );
  }
  const unknown = Object.keys(input).find((name) => !names.includes(name));
  if (unknown !== void 0) {
    throw new CnncError("INPUT_NAME", \`there is no input \${quote(unknown)}, \${expected}\`);
  }
  const missing = names.find((name) => !Object.hasOwn(input, name));
  if (missing !== void 0) throw new CnncError("INPUT_NAME", \`input \${quote(missing)} is missing\`);
  return names.map((name) => input[name]);
}
function batchSize({ name, shape }, array) {
  if (kindOf(array) !== "Float32Array") {
    throw new CnncError(
      "INPUT_TYPE",
      \`input \${quote(name)} has type \${kindOf(array)}, expected a Float32Array\`
    );
  }
  const { length } = array;
  const item = elements(shape);
  if (length === 0 || length % item !== 0) {
    throw new CnncError(
      "INPUT_LENGTH",
      \`input \${quote(name)} has \${length} values, expected \${item} (\${shape.join(" × ")}) per item of the batch\`
    );
  }
  return length / item;
}
var quote = (name) => JSON.stringify(name);
var kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

function taskQueue() {
  let last = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {
    });
    return result;
  };
}

function session({ inputs, outputs }, engine, report) {
  const enqueue = taskQueue();
  let disposed = false;
  const assertAlive = () => {
    if (disposed) throw new CnncError("DISPOSED", "the model was disposed: create another one");
  };
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    void enqueue(() => engine.dispose());
  };
  const run = async (input) => {
    assertAlive();
    const batch = readBatch(inputs, input);
    const results = outputs.map(({ shape }) => new Float32Array(batch.size * elements(shape)));
    await enqueue(async () => {
      for (let item = 0; item < batch.size; item++) {
        assertAlive();
        const ofItem = (array) => {
          const length = array.length / batch.size;
          return array.subarray(item * length, (item + 1) * length);
        };
        await engine.run(batch.inputs.map(ofItem), results.map(ofItem));
      }
    });
    return Object.fromEntries(outputs.map(({ name }, i) => [name, results[i]]));
  };
  const disposable = { [Symbol.dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose")]: dispose };
  return { inputs, outputs, target: report.target, report, run, dispose, ...disposable };
}

async function openSource(source, signal) {
  if (typeof source === "string") return openAddress(source, signal);
  if (ArrayBuffer.isView(source)) return unshared(source);
  if (isA(source, "ArrayBuffer")) return new Uint8Array(source);
  if (isA(source, "Response")) return bodyOf(source);
  if (isA(source, "URL")) return openAddress(source.href, signal);
  throw new CnncError(
    "WEIGHTS_TYPE",
    \`weights are a \${typeof source}, expected a URL, string, Response, ArrayBuffer or Uint8Array\`
  );
}
var isA = (value, tag) => Object.prototype.toString.call(value) === \`[object \${tag}]\`;
function unshared({ buffer, byteOffset, byteLength }) {
  return isA(buffer, "ArrayBuffer") ? new Uint8Array(buffer, byteOffset, byteLength) : new Uint8Array(new Uint8Array(buffer, byteOffset, byteLength));
}
async function openAddress(address, signal) {
  const isUrl = /^[a-z][a-z\\d+.-]+:/i.test(address);
  const isFile = isUrl ? /^file:/i.test(address) : !globalThis.location;
  const files = globalThis.process?.getBuiltinModule?.("node:fs/promises");
  const options = signal ? { signal } : {};
  try {
    if (isFile && files) return unshared(await files.readFile(isUrl ? new URL(address) : address, options));
    return bodyOf(await fetch(address, options));
  } catch (error) {
    if (error instanceof CnncError) throw error;
    const hint = isFile && !files ? " (reading files needs process.getBuiltinModule, Node 20.16, 22.3 or later: read the file yourself and pass its bytes as \`weights\`)" : "";
    throw new CnncError("WEIGHTS_NOT_FOUND", \`cannot read weights from \${address}: \${error}\${hint}\`, {
      cause: error
    });
  }
}
function bodyOf({ ok, status, url, body, bodyUsed }) {
  if (!ok) {
    throw new CnncError("WEIGHTS_NOT_FOUND", \`no weights at \${url || "the Response given"}: HTTP \${status}\`);
  }
  if (bodyUsed) {
    throw new CnncError("WEIGHTS_TYPE", "the Response given as weights was read before: pass a clone()");
  }
  return body ?? new Uint8Array();
}

function chooseTarget(targets, wish) {
  const entries = Object.entries(targets);
  const chosen = wish === void 0 ? entries[0] : entries.find(([name]) => name === wish);
  if (chosen) return chosen;
  const names = entries.map(([name]) => name).join(", ");
  throw new CnncError("TARGET_UNKNOWN", \`there is no target \${wish}, this bundle was compiled for: \${names}\`);
}

async function sha256(bytes) {
  const subtle = globalThis.crypto?.subtle;
  return subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : digest(bytes);
}
var hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
function digest(bytes) {
  const { roots, cubeRoots } = fractionsOfPrimes();
  const state = roots.slice(0, 8);
  const schedule = new Uint32Array(64);
  const message = padded(bytes);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let t = 0; t < 16; t++) schedule[t] = message.getUint32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const [w2, w15] = [schedule[t - 2], schedule[t - 15]];
      const sigma0 = rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >>> 3;
      const sigma1 = rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >>> 10;
      schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
    }
    compress(state, schedule, cubeRoots);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}
function compress(state, schedule, constants) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const choice = e & f ^ ~e & g;
    const majority = a & b ^ a & c ^ b & c;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const next = h + sum1 + choice + constants[t] + schedule[t] | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, d + next | 0, c, b, a, next + sum0 + majority | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => state[i] += word);
}
var rotate = (word, by) => word >>> by | word << 32 - by;
function padded(bytes) {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const message = new Uint8Array(64 * blocks);
  message.set(bytes);
  message[bytes.length] = 128;
  const view = new DataView(message.buffer);
  view.setBigUint64(message.length - 8, 8n * BigInt(bytes.length));
  return view;
}
function fractionsOfPrimes() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => x % 1 * 2 ** 32;
  return {
    roots: Uint32Array.from(primes, (p) => fraction(Math.sqrt(p))),
    cubeRoots: Uint32Array.from(primes, (p) => fraction(Math.cbrt(p)))
  };
}

async function readWeights(spec, source, watch) {
  const whole = source instanceof Uint8Array;
  const file = whole ? source : new Uint8Array(spec.bytes);
  const verify = verifier(spec, file, watch);
  const size = whole ? source.length : await fill(file, source, verify, watch.signal);
  await verify(size);
  if (size < spec.bytes) {
    identify(spec, file.subarray(0, size));
    throw new CnncError("WEIGHTS_TRUNCATED", \`the weights end after \${size} of \${spec.bytes} bytes\`);
  }
  if (size > spec.bytes) {
    throw new CnncError("WEIGHTS_TOO_LONG", \`the weights go on after their \${spec.bytes} bytes\`);
  }
  return viewTensors(spec, file);
}
function verifier(spec, file, { onVerified }) {
  const header = headerBytes(dataBytes(spec));
  let verified = 0;
  return async (arrived) => {
    if (verified === 0 && arrived >= header) {
      identify(spec, file.subarray(0, header));
      await expectHash(file.subarray(SEALED_AT, header), spec.sha256, "the header of the weights");
      onVerified(verified = header);
    }
    while (verified > 0 && verified < spec.bytes) {
      const end = Math.min(verified + CHUNK_BYTES, spec.bytes);
      if (arrived < end) return;
      const entry = TABLE_AT + HASH_BYTES * ((verified - header) / CHUNK_BYTES);
      const hash = hex(file.subarray(entry, entry + HASH_BYTES));
      await expectHash(file.subarray(verified, end), hash, \`the weights' bytes \${verified} to \${end}\`);
      onVerified(verified = end);
    }
  };
}
async function expectHash(bytes, expected, what) {
  const found = hex(await sha256(bytes));
  if (found === expected) return;
  throw new CnncError(
    "WEIGHTS_CORRUPT",
    \`\${what} are damaged: SHA-256 \${found}, expected \${expected}; download or copy the file again\`
  );
}
function identify({ sha256: expected }, file) {
  if (MAGIC.some((byte, i) => i < file.length && file[i] !== byte)) {
    const start = new TextDecoder().decode(file.subarray(0, 80)).trim();
    const found = JSON.stringify(start.slice(0, 40));
    if (start.startsWith("<")) {
      throw new CnncError(
        "WEIGHTS_HTML",
        \`a page came instead of the weights: \${found}; is the file deployed?\`
      );
    }
    if (start.slice(0, 6).includes("CNN")) {
      throw new CnncError("WEIGHTS_CORRUPT", \`the weights begin with \${found}: were they copied as text?\`);
    }
    throw new CnncError("WEIGHTS_WRONG_FILE", \`this is no file of cnnc weights: it begins with \${found}\`);
  }
  const seal = hex(file.subarray(SEAL_AT, SEALED_AT));
  if (file.length >= SEALED_AT && seal !== expected) {
    throw new CnncError(
      "WEIGHTS_WRONG_FILE",
      \`these weights belong to another model or compilation: seal \${seal}, expected \${expected}\`
    );
  }
}
async function fill(file, stream, verify, signal) {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {
  });
  signal?.addEventListener("abort", stop);
  let size = 0;
  const broken = (cause) => {
    throw new CnncError("WEIGHTS_TRUNCATED", \`the connection broke after \${size} of \${file.length} bytes\`, {
      cause
    });
  };
  try {
    while (size <= file.length) {
      const { done, value } = await reader.read().catch(broken);
      if (done) break;
      file.set(value.subarray(0, file.length - size), size);
      size += value.length;
      await verify(size);
    }
    return size;
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}
function viewTensors(spec, file) {
  const data = headerBytes(dataBytes(spec));
  const { buffer, byteOffset } = (file.byteOffset + data) % 4 === 0 ? file : file.slice();
  return new Map(
    spec.tensors.map(({ name, shape, offset }) => [
      name,
      new Float32Array(buffer, byteOffset + data + offset, elements(shape))
    ])
  );
}
var dataBytes = ({ tensors }) => tensors.reduce((bytes, { shape }) => bytes + 4 * elements(shape), 0);

function defineModel(program, targets, defaultWeights) {
  return {
    async createModel(options = {}) {
      try {
        return await load(program, targets, { ...options, weights: options.weights ?? defaultWeights() });
      } catch (error) {
        const { signal } = options;
        if (!signal?.aborted) throw error;
        throw new CnncError("ABORTED", \`loading was aborted: \${signal.reason}\`, { cause: signal.reason });
      }
    }
  };
}
async function load(program, targets, options) {
  const { signal, onProgress } = options;
  const [target, start] = chooseTarget(targets, options.target);
  const total = program.weights.bytes;
  const progress = (phase, loaded2) => {
    signal?.throwIfAborted();
    onProgress?.({ phase, loaded: loaded2, total });
  };
  const begun = performance.now();
  progress("weights", 0);
  const source = await openSource(options.weights, signal);
  const weights = await readWeights(program.weights, source, {
    signal,
    onVerified: (bytes) => progress("weights", bytes)
  });
  const loaded = performance.now();
  progress("prepare", total);
  const engine = await start(weights);
  if (signal?.aborted) {
    engine.dispose();
    signal.throwIfAborted();
  }
  const report = {
    target,
    weightsBytes: total,
    loadMs: loaded - begun,
    prepareMs: performance.now() - loaded
  };
  return session(program, engine, report);
}
return {
  decodeBase64,
  defineModel
};
`;
