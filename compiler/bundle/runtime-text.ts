// Generated from runtime/ by scripts/build-runtime.ts.

/** The body of a function that returns what runtime/bundle.ts exports. */
export const coreText = `\
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

async function unlessAborted(work, signal) {
  if (!signal) return work;
  let stop = () => {
  };
  const aborted = new Promise((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop);
  });
  try {
    const result = await Promise.race([work, aborted]);
    signal.throwIfAborted();
    return result;
  } catch (error) {
    work.then(
      (late) => late.dispose(),
      () => {
      }
    );
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

var kindOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

function nearest(word, candidates) {
  const [best] = candidates.map((candidate) => [candidate, distance(word.slice(0, 40), candidate)]).filter(([candidate, steps]) => steps <= candidate.length / 3).toSorted(([, a], [, b]) => a - b);
  return best?.[0];
}
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, letter] of [...a.toLowerCase()].entries()) {
    const above = row;
    row = [i + 1];
    for (const [j, other] of [...b.toLowerCase()].entries())
      row.push(Math.min(row[j] + 1, above[j + 1] + 1, above[j] + (letter === other ? 0 : 1)));
  }
  return row.at(-1);
}

var named = (what) => [what, (value) => what.endsWith(\` \${kindOf(value)}\`)];
var ANYTHING = ["anything", () => true];
function optionsOf(given, expected) {
  if (given === null || given === void 0) return {};
  if (typeof given !== "object") throw wrong("what stands for the options", given, "an object");
  const known = new Map(Object.entries(expected));
  const options = Object.entries(given).filter(([, value]) => value !== null && value !== void 0);
  for (const [name, value] of options) {
    const [what, isRight] = known.get(name) ?? noOption(name, [...known.keys()]);
    if (!isRight(value)) throw wrong(\`the option \${name}\`, value, what);
  }
  return Object.fromEntries(options);
}
function noOption(name, known) {
  const meant = nearest(name, known);
  const help = meant === void 0 ? \`expected \${known.join(", ")}\` : \`did you mean \${meant}?\`;
  throw new CnncError("OPTION_NAME", \`there is no option \${JSON.stringify(name)}; \${help}\`);
}
var wrong = (what, value, expected) => new CnncError("OPTION_TYPE", \`\${what} has type \${kindOf(value)}, expected \${expected}\`);

var MAGIC = [137, 67, 78, 78, 13, 10, 26, 10];
var CHUNK_BYTES = 1 << 20;
var HASH_BYTES = 32;
var SEAL_AT = MAGIC.length;
var SEALED_AT = SEAL_AT + HASH_BYTES;
var TABLE_AT = SEALED_AT + 16;
var headerBytes = (dataBytes2) => TABLE_AT + HASH_BYTES * Math.ceil(dataBytes2 / CHUNK_BYTES);
var elements = (shape) => shape.reduce((a, b) => a * b, 1);

function readBatch(specs, input, accepts) {
  const values = byName(specs, input).map((value, i) => accepts.readPicture?.(value, specs[i]) ?? value);
  const sizes = specs.map((spec, i) => batchSize(spec, values[i], accepts));
  if (sizes.some((size) => size !== sizes[0])) {
    throw new CnncError("INPUT_LENGTH", \`the inputs hold different numbers of items: \${sizes.join(", ")}\`);
  }
  const inputs = values.map(
    (value) => isArray(value) ? accepts.copyOf(value) : value
  );
  return { size: sizes[0] ?? 1, inputs };
}
var dataOf = (values) => isArray(values) ? values : { buffer: values, offset: 0, size: values.size };
var isArray = (values) => ArrayBuffer.isView(values);
function byName(specs, input) {
  const names = specs.map(({ name }) => name);
  const expected = \`expected \${names.map(quote).join(", ")}\`;
  if (isSingle(input)) {
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
var isSingle = (input) => typeof input === "object" && input !== null && !Array.isArray(input) && kindOf(input) !== "Object";
function batchSize({ name, shape }, value, { takesBuffers }) {
  const item = elements(shape);
  const kind = kindOf(value);
  if (kind !== "Float32Array" && !(kind === "GPUBuffer" && takesBuffers)) {
    throw new CnncError("INPUT_TYPE", \`input \${quote(name)} has type \${kind}, expected a Float32Array\`);
  }
  const length = kind === "GPUBuffer" ? value.size / 4 : value.length;
  if (length === 0 || length % item !== 0) {
    throw new CnncError(
      "INPUT_LENGTH",
      \`input \${quote(name)} has \${length} values, expected \${item} (\${shape.join(" × ")}) per item of the batch\`
    );
  }
  return length / item;
}
var quote = (name) => JSON.stringify(name);

function copies() {
  let spare = [];
  return {
    copyOf(values) {
      const found = spare.find(({ length }) => length === values.length);
      spare = spare.filter((each) => each !== found);
      const copy = found ?? new Float32Array(values.length);
      copy.set(values);
      return copy;
    },
    /** What nobody reads any more. Only the last are kept. */
    giveBack(values) {
      spare = values.filter((each) => ArrayBuffer.isView(each));
    }
  };
}

async function runItems(engine, { inputs, outputs }, items, mayGoOn = () => {
}) {
  for (let from = 0; from < items.count; ) {
    mayGoOn();
    const count = Math.min(engine.itemsAtOnce ?? 1, items.count - from);
    const partsOf = (all, specs) => all.map((data, i) => partOf(data, from * bytesOf(specs[i]), count * bytesOf(specs[i])));
    await engine.run(partsOf(items.inputs, inputs), partsOf(items.outputs, outputs));
    from += count;
  }
}
function itemsIn(network, { inputs, outputs }) {
  const sizes = [...network.outputs, ...network.inputs].map(bytesOf);
  const at = sizes.findIndex((size) => size > 0);
  const data = [...outputs, ...inputs][at];
  if (!data) return 1;
  return (ArrayBuffer.isView(data) ? data.byteLength : data.size) / sizes[at];
}
var bytesOf = ({ shape }) => 4 * elements(shape);
var partOf = (data, begin, size) => ArrayBuffer.isView(data) ? data.subarray(begin / 4, (begin + size) / 4) : { buffer: data.buffer, offset: data.offset + begin, size };

function taskQueue() {
  let last = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {
    });
    return result;
  };
}

function session({ inputs, outputs }, engine, { report, readPicture }) {
  const enqueue = taskQueue();
  const { copyOf, giveBack } = copies();
  let disposed = false;
  const assertAlive = () => {
    if (disposed) throw new CnncError("DISPOSED", "the model was disposed: create another one");
  };
  const assertTakesBuffers = () => {
    if (engine.takesBuffers === true) return;
    throw new CnncError("INPUT_TYPE", \`the target \${report().target} cannot use GPU buffers\`);
  };
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    void enqueue(() => engine.dispose());
  };
  const run = async (input, options) => {
    assertAlive();
    const { into = {} } = optionsOf(options, RUN_OPTIONS);
    const takesBuffers = engine.takesBuffers === true;
    if (Object.keys(into).length > 0) assertTakesBuffers();
    const batch = readBatch(inputs, input, { readPicture, takesBuffers, copyOf });
    const results = resultsFor(outputs, batch, into);
    const hasBuffers = [...batch.inputs, ...results].some((data) => !ArrayBuffer.isView(data));
    await enqueue(async () => {
      const items = { count: batch.size, inputs: batch.inputs.map(dataOf), outputs: results.map(dataOf) };
      await runItems(engine, { inputs, outputs }, items, () => {
        assertAlive();
        if (hasBuffers) assertTakesBuffers();
      });
    });
    giveBack(batch.inputs);
    const arrays = outputs.flatMap(({ name }, i) => {
      const result = results[i];
      return ArrayBuffer.isView(result) ? [[name, result]] : [];
    });
    return Object.fromEntries(arrays);
  };
  return {
    inputs,
    outputs,
    sizes: [{ inputs, outputs }],
    get target() {
      return report().target;
    },
    get report() {
      return report();
    },
    run,
    receptiveField: (output) => {
      requireOutput(output, outputs);
      return outputs.find(({ name }) => name === output)?.receptiveField;
    },
    dispose,
    ...{ [Symbol.dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose")]: dispose }
  };
}
var RUN_OPTIONS = {
  into: ["GPU buffers by name", (value) => kindOf(value) === "Object"]
};
function requireOutput(wanted, outputs) {
  if (outputs.some(({ name }) => name === wanted)) return;
  const names = outputs.map(({ name }) => JSON.stringify(name)).join(", ");
  throw new CnncError("INPUT_NAME", \`there is no output \${JSON.stringify(wanted)}, expected \${names}\`);
}
function resultsFor(outputs, { size }, into) {
  for (const name of Object.keys(into)) requireOutput(name, outputs);
  return outputs.map(({ name, shape }) => {
    if (!Object.hasOwn(into, name)) return new Float32Array(size * elements(shape));
    const buffer = into[name];
    const kind = kindOf(buffer);
    if (kind === "GPUBuffer") return buffer;
    throw new CnncError(
      "INPUT_TYPE",
      \`output \${JSON.stringify(name)} has type \${kind}, expected a GPUBuffer\`
    );
  });
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
var isA = (value, kind) => kindOf(value) === kind;
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

function whenLoaded(factory) {
  let shared;
  return async ({ weights }) => {
    const loaded = await weights;
    const engine = shared?.deref() ?? factory(loaded);
    shared = new WeakRef(engine);
    return engine;
  };
}
function chooseTargets(targets, wish = "auto") {
  const choices = Object.entries(targets);
  if (wish === "auto") return choices;
  const chosen = choices.filter(([name]) => name === wish);
  if (chosen.length > 0) return chosen;
  const names = choices.map(([name]) => name).join(", ");
  throw new CnncError("TARGET_UNKNOWN", \`there is no target \${wish}, this bundle was compiled for: \${names}\`);
}
async function startFirst(choices, setting, skipped = []) {
  const [[target, start], ...others] = choices;
  try {
    return { target, skipped, engine: await start({ ...setting, others }) };
  } catch (error) {
    if (!(error instanceof CnncError) || !mayMoveOn(error, setting) || others.length === 0) throw error;
    return startFirst(others, setting, [...skipped, { target, why: error.message }]);
  }
}
var mayMoveOn = ({ code }, { onDeviceLost }) => code === "TARGET_UNAVAILABLE" || code === "DEVICE_LOST" && onDeviceLost === "fallback";

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

function defineModel(program, targets, defaultWeights, parts = {}) {
  return {
    async createModel(given) {
      const options = optionsOf(given, OPTIONS);
      try {
        const weights = options.weights ?? defaultWeights();
        return await load(program, targets, { ...options, weights, parts });
      } catch (error) {
        const { signal } = options;
        if (!signal?.aborted) throw error;
        throw new CnncError("ABORTED", \`loading was aborted: \${signal.reason}\`, { cause: signal.reason });
      }
    }
  };
}
var OPTIONS = {
  target: ANYTHING,
  weights: ANYTHING,
  device: named("a GPUDevice"),
  onDeviceLost: ["'fallback' or 'reject'", (value) => value === "fallback" || value === "reject"],
  signal: named("an AbortSignal"),
  onProgress: ["a function", (value) => typeof value === "function"]
};
var aboutOf = ({ about }) => about === void 0 ? {} : { device: about };
async function load(program, targets, options) {
  const { signal, onProgress, parts } = options;
  const total = program.weights.bytes;
  const progress = (phase, loaded2) => {
    signal?.throwIfAborted();
    onProgress?.({ phase, loaded: loaded2, total });
  };
  const begun = performance.now();
  let loaded = begun;
  const read = async () => {
    progress("weights", 0);
    const source = await openSource(options.weights, signal);
    const tensors = await readWeights(program.weights, source, {
      signal,
      onVerified: (bytes) => progress("weights", bytes)
    });
    loaded = performance.now();
    progress("prepare", total);
    return tensors;
  };
  const weights = read();
  weights.catch(() => {
  });
  const start = async (network, choices) => {
    let report;
    const { target, engine, skipped } = await startFirst(choices, {
      program: network,
      weights,
      device: options.device,
      onDeviceLost: options.onDeviceLost ?? "fallback",
      onMove: (next, why) => {
        const { device: _, ...others } = report;
        const left = { target: report.target, why };
        report = {
          ...others,
          ...aboutOf(next.engine),
          target: next.target,
          skipped: [...report.skipped, left]
        };
      }
    });
    report = {
      target,
      skipped,
      ...aboutOf(engine),
      weightsBytes: total,
      loadMs: loaded - begun,
      prepareMs: performance.now() - loaded
    };
    return session(network, engine, { report: () => report, readPicture: parts.readPicture });
  };
  const first = await unlessAborted(start(program, chooseTargets(targets, options.target)), signal);
  if (!parts.sizes) return first;
  const further = (program.sizes ?? []).map((size, i) => ({
    ...size,
    start: () => start({ ...program, ...size }, chooseTargets(parts.sizes.targets[i], options.target))
  }));
  return parts.sizes.bySize(first, further);
}
return {
  CnncError,
  decodeBase64,
  defineModel,
  elements,
  itemsIn,
  kindOf,
  runItems,
  startFirst,
  whenLoaded
};
`;

/** The body of a function that returns what runtime/webgpu/index.ts exports. */
export const webgpuText = `\
const { CnncError: CnncError4 } = runtime;
const { itemsIn: itemsIn2, runItems: runItems2 } = runtime;
const { startFirst } = runtime;

const { CnncError } = runtime;
async function openDevice(moduleUrl, takes) {
  const gpu = globalThis.navigator?.gpu ?? nodeGpu(moduleUrl);
  const adapter = await asked(() => gpu.requestAdapter(), "no GPU adapter");
  if (!adapter) return unavailable("no GPU adapter");
  const { info } = adapter;
  if (takes === "hardware" && info?.isFallbackAdapter) {
    return unavailable(\`the GPU is one in software: \${describe(info)}\`);
  }
  const device = await asked(() => adapter.requestDevice(), "the GPU adapter gives no device");
  return { device, gpu, adapter: describe(info) };
}
function nodeGpu(moduleUrl) {
  const { process } = globalThis;
  const module = process?.getBuiltinModule?.("node:module");
  if (!module) return unavailable("this page has no navigator.gpu (it needs a secure context)");
  let cause;
  for (const place of [moduleUrl, \`\${process.cwd()}/\`]) {
    try {
      const { create } = module.createRequire(place)("webgpu");
      return create([]);
    } catch (error) {
      cause ??= error;
    }
  }
  return unavailable("Node has no WebGPU: npm install webgpu, or pass a device", cause);
}
async function asked(question, why) {
  try {
    return await question();
  } catch (cause) {
    return unavailable(why, cause);
  }
}
var unavailable = (why, cause) => {
  throw new CnncError("TARGET_UNAVAILABLE", why, { cause });
};
var describe = (info = {}) => [info.vendor, info.architecture, info.device, info.description].filter(Boolean).join(" ") || "unnamed adapter";

const { elements: elements2 } = runtime;
const { CnncError: CnncError3 } = runtime;
const { itemsIn, runItems } = runtime;

const { CnncError: CnncError2 } = runtime;
function watch(device, create, refusals) {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  try {
    return create();
  } finally {
    const said = Promise.all([device.popErrorScope(), device.popErrorScope()]);
    refusals.push(said.then((errors) => errors.find((each) => each !== null)?.message, String));
  }
}
var refused = (why, cause) => new CnncError2("TARGET_UNAVAILABLE", \`the GPU refuses the network: \${why}\`, { cause });
var GRACE_MS = 1e3;
var waitForLoss = ({ lost }) => Promise.race([lost, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);

const { elements } = runtime;
var MAP_READ = 1;
var COPY_SRC = 4;
var COPY_DST = 8;
var MAX_STAGING_BYTES = 64 * 2 ** 20;
var stagingBytes = ({ inputs, outputs }) => [...inputs, ...outputs].reduce((sum, { shape }) => sum + 4 * elements(shape), 0);
var itemsPerSubmission = (program) => Math.max(1, Math.floor(MAX_STAGING_BYTES / Math.max(4, stagingBytes(program))));
function stagings({ device, allocate }, { inputs, outputs, readback }) {
  const single = { uploads: inputs.map(({ buffer }) => buffer), readback };
  let [largest, most] = [single, 1];
  return async (count) => {
    if (count === 1) return single;
    if (count <= most) return largest;
    const refusals = [];
    const staging = watch(
      device,
      () => ({
        uploads: inputs.map(({ size }) => allocate({ size: size * count, usage: COPY_SRC | COPY_DST })),
        readback: allocate({ size: outputs.bytes * count, usage: MAP_READ | COPY_DST })
      }),
      refusals
    );
    const unused = await refusals[0] === void 0 ? largest : staging;
    if (unused !== single) for (const buffer of [...unused.uploads, unused.readback]) buffer.destroy();
    if (unused === staging) return void 0;
    [largest, most] = [staging, count];
    return staging;
  };
}
var WRITE_BYTES = 2 * 2 ** 20;
function write({ queue }, buffer, data) {
  const most = WRITE_BYTES / 4;
  for (let at = 0; at < data.length; at += most)
    queue.writeBuffer(buffer, 4 * at, data, at, Math.min(most, data.length - at));
}
function touch({ queue }, buffer, size) {
  const zeros = new Float32Array(Math.min(size, WRITE_BYTES) / 4);
  for (let at = 0; at < size; at += WRITE_BYTES)
    queue.writeBuffer(buffer, at, zeros, 0, Math.min(WRITE_BYTES, size - at) / 4);
}

function pack(tensor, { axes, dims }, into) {
  const at = axes.map(() => 0);
  const sizes = dims.map(
    (_, depth) => dims.slice(depth + 1).reduce((product, { size }) => product * size, 1)
  );
  const isLastOfAxis = dims.map(
    ({ axis }, depth) => dims.findLastIndex((dim) => dim.axis === axis) === depth
  );
  const visit = (depth, from, to) => {
    const { axis, size, step } = dims[depth];
    const { length, stride } = axes[axis];
    const begin = at[axis];
    const inside = Math.ceil((length - begin) / step);
    const count = isLastOfAxis[depth] ? Math.min(size, inside) : size;
    if (depth === dims.length - 1) {
      for (let i = 0; i < count; i++) into[to + i] = tensor[from + i * step * stride];
      return;
    }
    for (let i = 0; i < count; i++) {
      at[axis] = begin + i * step;
      visit(depth + 1, from + i * step * stride, to + i * sizes[depth]);
    }
    at[axis] = begin;
  };
  visit(
    0,
    axes.reduce((sum, { base = 0 }) => sum + base, 0),
    0
  );
}
var packedLength = ({ dims }) => dims.reduce((product, { size }) => product * size, 1);

var G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1]
];
function transformKernels(kernels) {
  const transformed = new Float32Array(kernels.length * 4);
  const rows = new Float64Array(18);
  for (let from = 0, to = 0; from < kernels.length; from += 9, to += 36) {
    for (let i = 0; i < 6; i++)
      for (let c = 0; c < 3; c++)
        rows[i * 3 + c] = G[i][0] * kernels[from + c] + G[i][1] * kernels[from + 3 + c] + G[i][2] * kernels[from + 6 + c];
    for (let i = 0; i < 6; i++)
      for (let j = 0; j < 6; j++)
        transformed[to + i * 6 + j] = G[j][0] * rows[i * 3] + G[j][1] * rows[i * 3 + 1] + G[j][2] * rows[i * 3 + 2];
  }
  return transformed;
}

var MOBILE_VENDORS = ["arm", "qualcomm", "img-tec"];
function kindOfGpu({ vendor = "", isFallbackAdapter } = {}) {
  if (isFallbackAdapter) return "software";
  return MOBILE_VENDORS.includes(vendor) ? "mobile" : "desktop";
}
var variantsFor = (kind, { dispatches }) => dispatches.map((dispatch) => {
  if (kind === "desktop") return dispatch;
  const unshared = dispatch.unshared ?? dispatch;
  return kind === "mobile" ? unshared : dispatch.inSoftware ?? unshared;
});

var MAP_READ2 = 1;
var COPY_SRC2 = 4;
var COPY_DST2 = 8;
var UNIFORM = 64;
var STORAGE = 128;
var READ = 1;
var VISIBLE_TO_COMPUTE = 4;
var UNIFORM_BYTES = 256;
async function startEngine(plan, program, device, loading) {
  let lost;
  void device.lost.then(({ message }) => lost = message || "the GPU device was lost");
  const created = [];
  const dispose = () => {
    for (const buffer of created) buffer.destroy();
  };
  const allocate = (descriptor) => {
    try {
      const buffer = device.createBuffer(descriptor);
      created.push(buffer);
      return buffer;
    } catch (cause) {
      throw cause instanceof RangeError ? refused(cause.message, cause) : cause;
    }
  };
  let network;
  try {
    network = await createNetwork(plan, program, { device, allocate }, loading);
  } catch (error) {
    dispose();
    throw lost === void 0 ? error : new CnncError3("DEVICE_LOST", lost, { cause: error });
  }
  const { inputs, outputs } = network;
  const stagingFor = stagings({ device, allocate }, network);
  let itemsAtOnce = itemsPerSubmission(program);
  function submit({ count, given, results }, { uploads, readback }) {
    const encoder = device.createCommandEncoder();
    for (const [i, data] of given.entries()) if (isArray(data)) write(device, uploads[i], data);
    for (let item = 0; item < count; item++) {
      for (const [i, data] of given.entries()) {
        const { size } = inputs[i];
        if (!isArray(data))
          encoder.copyBufferToBuffer(data.buffer, data.offset + item * size, inputs[i].buffer, 0, size);
        else if (uploads[i] !== inputs[i].buffer)
          encoder.copyBufferToBuffer(uploads[i], item * size, inputs[i].buffer, 0, size);
      }
      encodeSteps(encoder, network.steps);
      for (const [i, { buffer, offset, size }] of outputs.places.entries()) {
        const result = results[i];
        if (isArray(result))
          encoder.copyBufferToBuffer(buffer, 0, readback, offset * count + item * size, size);
        else encoder.copyBufferToBuffer(buffer, 0, result.buffer, result.offset + item * size, size);
      }
    }
    device.queue.submit([encoder.finish()]);
  }
  async function submitChecked(batch, staging) {
    device.pushErrorScope("validation");
    let refusal;
    try {
      submit(batch, staging);
    } finally {
      refusal = device.popErrorScope();
    }
    return refusal;
  }
  async function run(batch, staging) {
    const { count, given, results } = batch;
    if ([...given, ...results].every(isArray)) submit(batch, staging);
    else {
      const refusal = await submitChecked(batch, staging);
      if (refusal) return refusal;
    }
    if (!results.some(isArray)) return null;
    const { readback } = staging;
    await readback.mapAsync(READ, 0, outputs.bytes * count);
    const bytes = readback.getMappedRange(0, outputs.bytes * count);
    for (const [i, { offset, size }] of outputs.places.entries()) {
      const result = results[i];
      if (isArray(result)) result.set(new Float32Array(bytes, offset * count, size / 4 * count));
    }
    readback.unmap();
    return null;
  }
  const engine = {
    get itemsAtOnce() {
      return itemsAtOnce;
    },
    async run(given, results) {
      const count = itemsIn(program, { inputs: given, outputs: results });
      const staging = await stagingFor(count);
      if (!staging) {
        itemsAtOnce = 1;
        return runItems(engine, program, { count, inputs: given, outputs: results });
      }
      let refusal = null;
      try {
        refusal = await run({ count, given, results }, staging);
      } catch (cause) {
        await waitForLoss(device);
        if (lost === void 0) throw cause;
      }
      if (lost !== void 0) throw new CnncError3("DEVICE_LOST", lost);
      if (refusal) throw new CnncError3("INPUT_TYPE", \`the GPU refuses a buffer: \${refusal.message}\`);
    },
    dispose
  };
  return engine;
}
async function createNetwork(plan, program, { device, allocate }, loading) {
  const refusals = [];
  const watched = (create) => watch(device, create, refusals);
  const variants = variantsFor(kindOfGpu(device.adapterInfo), plan);
  const used = new Set(variants.map(({ shader }) => shader));
  const { layouts, compiling, values } = watched(() => {
    const layouts2 = layoutsFor(device, plan);
    const compiling2 = Promise.all(
      plan.shaders.map((code, i) => used.has(i) ? compile(device, code, layouts2[i]) : void 0)
    );
    compiling2.catch(() => {
    });
    const usage = STORAGE | COPY_SRC2 | COPY_DST2;
    return { layouts: layouts2, compiling: compiling2, values: plan.buffers.map((size) => allocate({ size, usage })) };
  });
  const tensors = await loading;
  const { bindGroups, ends } = watched(() => {
    const buffers = [...values, ...uploadWeights(allocate, plan, tensors)];
    const shapes = uploadShapes({ device, allocate }, variants);
    const bindGroups2 = plan.dispatches.map(({ bindings }, i) => {
      const bound = bindings.map((index) => ({ buffer: buffers[index] }));
      const shape = { buffer: shapes, offset: i * UNIFORM_BYTES, size: UNIFORM_BYTES };
      const entries = [...bound, shape].map((resource, binding) => ({ binding, resource }));
      return device.createBindGroup({ layout: layouts[variants[i].shader], entries });
    });
    const ends2 = placeEnds(plan, program, { allocate, buffers });
    for (const { buffer, size } of ends2.inputs) touch(device, buffer, size);
    return { bindGroups: bindGroups2, ends: ends2 };
  });
  const pipelines = await compiling;
  const { steps, reading } = watched(() => {
    const steps2 = variants.map(({ shader, workgroups }, i) => {
      const pipeline = pipelines[shader];
      return { pipeline, bindGroup: bindGroups[i], workgroups };
    });
    const trial = device.createCommandEncoder();
    encodeSteps(trial, steps2);
    trial.finish();
    return { steps: steps2, reading: whyUnreadable(ends.readback) };
  });
  const [unreadable, ...said] = await Promise.all([reading, ...refusals]);
  const refusal = said.find((each) => each !== void 0);
  if (refusal !== void 0) throw refused(refusal);
  if (unreadable !== void 0) {
    await waitForLoss(device);
    throw refused(String(unreadable), unreadable);
  }
  return { steps, ...ends };
}
var whyUnreadable = (buffer) => buffer.mapAsync(READ).then(
  () => buffer.unmap(),
  (cause) => cause
);
function encodeSteps(encoder, steps) {
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindGroup, workgroups } of steps) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
  }
  pass.end();
}
var isArray = (data) => ArrayBuffer.isView(data);
async function compile(device, code, layout) {
  const module = device.createShaderModule({ code });
  const layouts = device.createPipelineLayout({ bindGroupLayouts: [layout] });
  try {
    return await device.createComputePipelineAsync({ layout: layouts, compute: { module } });
  } catch (cause) {
    const { messages } = await module.getCompilationInfo();
    const said = messages.map(({ lineNum, message }) => \`line \${lineNum}: \${message}\`).join("; ");
    throw new CnncError3("TARGET_UNAVAILABLE", \`a shader does not compile: \${said || cause}\`, { cause });
  }
}
function layoutsFor(device, { shaders, dispatches }) {
  const byCount = /* @__PURE__ */ new Map();
  const layoutOf = (count) => {
    const known = byCount.get(count);
    if (known) return known;
    const types = [
      ...Array.from({ length: count - 1 }, () => "read-only-storage"),
      "storage",
      "uniform"
    ];
    const layout = device.createBindGroupLayout({
      entries: types.map((type, binding) => ({ binding, visibility: VISIBLE_TO_COMPUTE, buffer: { type } }))
    });
    byCount.set(count, layout);
    return layout;
  };
  const counts = new Map(
    dispatches.flatMap(
      ({ shader, bindings, unshared, inSoftware }) => [shader, unshared?.shader, inSoftware?.shader].map((each) => [each, bindings.length])
    )
  );
  return shaders.map((_, i) => layoutOf(counts.get(i)));
}
function uploadWeights(allocate, plan, tensors) {
  return plan.weights.map(({ tensor, layout }) => {
    const size = 4 * packedLength(layout);
    const buffer = allocate({ size, usage: STORAGE, mappedAtCreation: true });
    const source = layout.transform ? transformKernels(tensors.get(tensor)) : tensors.get(tensor);
    pack(source, layout, new Float32Array(buffer.getMappedRange()));
    buffer.unmap();
    return buffer;
  });
}
function uploadShapes({ device, allocate }, extents) {
  const buffer = allocate({
    size: Math.max(1, extents.length) * UNIFORM_BYTES,
    usage: UNIFORM | COPY_DST2
  });
  const numbers = new Int32Array(extents.length * UNIFORM_BYTES / 4);
  for (const [i, { shape }] of extents.entries()) numbers.set(shape, i * UNIFORM_BYTES / 4);
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}
function placeEnds(plan, { inputs, outputs }, { allocate, buffers }) {
  let bytes = 0;
  const places = outputs.map(({ shape }, i) => {
    const size = 4 * elements2(shape);
    const offset = bytes;
    bytes += size;
    return { buffer: buffers[plan.outputs[i]], offset, size };
  });
  return {
    inputs: inputs.map(({ shape }, i) => ({ buffer: buffers[plan.inputs[i]], size: 4 * elements2(shape) })),
    outputs: { places, bytes },
    readback: allocate({ size: bytes, usage: MAP_READ2 | COPY_DST2 })
  };
}

var webgpuTarget = (plan, moduleUrl) => async (setting) => {
  const start = () => startOnDevice(plan, setting, moduleUrl);
  return recovering(await start(), start, setting);
};
async function startOnDevice(plan, { program, weights, device: given, others }, moduleUrl) {
  if (given) {
    const engine = await startEngine(plan, program, given, weights);
    return Object.assign(engine, { takesBuffers: true, about: describe(given.adapterInfo) });
  }
  const opened = await openDevice(moduleUrl(), others.length > 0 ? "hardware" : "any");
  try {
    const engine = await startEngine(plan, program, opened.device, weights);
    const dispose = () => opened.device.destroy();
    return Object.assign(engine, { takesBuffers: true, about: opened.adapter, dispose });
  } catch (error) {
    opened.device.destroy();
    throw error;
  }
}
function recovering(first, restart, setting) {
  let engine = first;
  let hasSpare = setting.device === void 0;
  async function replace(loss) {
    if (hasSpare) {
      hasSpare = false;
      const again = await restart().catch(unlessUnavailable);
      if (again) {
        engine = again;
        return;
      }
    }
    if (setting.onDeviceLost === "reject" || setting.others.length === 0) throw loss;
    const next = await startFirst(setting.others, setting);
    setting.onMove(next, loss.message);
    engine = next.engine;
  }
  async function run(inputs, outputs) {
    const count = itemsIn2(setting.program, { inputs, outputs });
    try {
      await runItems2(engine, setting.program, { count, inputs, outputs });
    } catch (error) {
      if (!(error instanceof CnncError4 && error.code === "DEVICE_LOST")) throw error;
      if ([...inputs, ...outputs].some((data) => !ArrayBuffer.isView(data))) throw error;
      await replace(error);
      await run(inputs, outputs);
    }
  }
  return {
    get takesBuffers() {
      return engine.takesBuffers === true;
    },
    get itemsAtOnce() {
      return engine.itemsAtOnce ?? 1;
    },
    about: first.about,
    run,
    dispose: () => engine.dispose()
  };
}
function unlessUnavailable(error) {
  const isKnown = error instanceof CnncError4 && ["TARGET_UNAVAILABLE", "DEVICE_LOST"].includes(error.code);
  if (!isKnown) throw error;
}
return {
  webgpuTarget
};
`;

/** The body of a function that returns what runtime/self-test/index.ts exports. */
export const selfTestText = `\
function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = state + 1831565813 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}
function randomInputs(specs, seed) {
  const next = mulberry32(seed);
  const inputs = specs.map(({ name, shape, whole }) => {
    const length = shape.reduce((a, b) => a * b, 1);
    const draw = whole ? () => whole.low + Math.floor(next() * (whole.high - whole.low + 1)) : () => 2 * next() - 1;
    const data = Float32Array.from({ length }, draw);
    return [name, data];
  });
  return Object.fromEntries(inputs);
}

var ATOL = 1e-6;
var RTOL = {
  /** The reference against float32 kernels, one operator. */
  operator: 1e-5,
  /** The same, a whole network. */
  network: 1e-4,
  /** Winograd F(4,3), one layer and a network of them. */
  winograd: 2e-5,
  winogradNetwork: 1e-3,
  /** Imported models against ONNX Runtime. */
  imported: 1e-3,
  /** Half precision. */
  f16: 0.01
};
function deviation(actual, expected, numeric) {
  let [largest, maxAbsolute, at] = [0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i], expected[i]];
    if (Number.isFinite(b)) largest = Math.max(largest, Math.abs(b));
    if (Object.is(a, b)) continue;
    const distance = Math.abs(a - b);
    const off = Number.isNaN(distance) ? Infinity : distance;
    if (off > maxAbsolute) [maxAbsolute, at] = [off, i];
  }
  const allowed = ATOL + RTOL[numeric] * largest;
  const maxRelative = maxAbsolute === 0 ? 0 : maxAbsolute / largest;
  return { ok: maxAbsolute <= allowed, maxAbsolute, maxRelative, allowed, at };
}

var NUMERIC = { js: "network", webgpu: "winogradNetwork" };
var sampleAt = (i, { length, count }) => Math.floor(i * length / count);
var selfTested = (createModel, golden) => async (options) => {
  const model = await createModel(options);
  return Object.defineProperty(model, "selfTest", { value: () => test(model, golden) });
};
async function test(model, { seed, outputs: expected }) {
  const results = await model.run(randomInputs(model.inputs, seed));
  const { target } = model;
  const outputs = expected.map(({ name, bytes }) => {
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const { length } = results[name];
    const samples = values.map((_2, i) => results[name][sampleAt(i, { length, count: values.length })]);
    const { at: _, ...found } = deviation(samples, values, NUMERIC[target]);
    return { name, ...found };
  });
  return {
    ok: outputs.every(({ ok }) => ok),
    target,
    maxAbsolute: Math.max(...outputs.map(({ maxAbsolute }) => maxAbsolute)),
    maxRelative: Math.max(...outputs.map(({ maxRelative }) => maxRelative)),
    outputs
  };
}
return {
  sampleAt,
  selfTested
};
`;

/** The body of a function that returns what runtime/sizes/index.ts exports. */
export const sizesText = `\
const { CnncError } = runtime;
const { kindOf } = runtime;
var bySize = (first, further) => {
  const started = /* @__PURE__ */ new Map();
  let disposed = false;
  const modelOf = (size) => {
    if (disposed) throw new CnncError("DISPOSED", "the model was disposed: create another one");
    const model = started.get(size) ?? size.start();
    started.set(size, model);
    model.catch(() => started.delete(size));
    return model;
  };
  const run = async (input, options) => {
    const { shapes, values } = unwrap(input, first.inputs);
    if (matches(shapes, first.inputs)) return first.run(values, options);
    const size = further.find(({ inputs }) => matches(shapes, inputs));
    if (!size) throw unknownSize(shapes, [first, ...further]);
    return (await modelOf(size)).run(values, options);
  };
  const dispose = () => {
    disposed = true;
    first.dispose();
    for (const model of started.values())
      model.then(
        (each) => each.dispose(),
        () => {
        }
      );
  };
  return Object.create(first, {
    run: { value: run },
    sizes: { value: [...first.sizes, ...further.map(({ inputs, outputs }) => ({ inputs, outputs }))] },
    dispose: { value: dispose },
    [Symbol.dispose ?? /* @__PURE__ */ Symbol.for("Symbol.dispose")]: { value: dispose }
  });
};
function unwrap(input, specs) {
  if (isSized(input)) return { shapes: /* @__PURE__ */ new Map([[specs[0].name, input.shape]]), values: input.data };
  if (kindOf(input) !== "Object") return { shapes: /* @__PURE__ */ new Map(), values: input };
  const entries = Object.entries(input);
  const shapes = new Map(
    entries.flatMap(([name, value]) => isSized(value) ? [[name, value.shape]] : [])
  );
  const values = Object.fromEntries(
    entries.map(([name, value]) => [name, isSized(value) ? value.data : value])
  );
  return { shapes, values };
}
var isSized = (value) => typeof value === "object" && value !== null && "data" in value && "shape" in value && Array.isArray(value.shape);
var matches = (shapes, specs) => specs.every(({ name, shape }) => {
  const given = shapes.get(name);
  return given === void 0 || given.join() === shape.join();
});
function unknownSize(shapes, sizes) {
  const show = (shape) => shape.join(" × ");
  const known = sizes.map(({ inputs }) => inputs.map(({ shape }) => show(shape)).join(" with ")).join(", ");
  const asked = [...shapes.values()].map(show).join(" with ");
  return new CnncError("INPUT_SHAPE", \`there is no network for \${asked}; this bundle has \${known}\`);
}
return {
  bySize
};
`;

/** The body of a function that returns what runtime/page/index.ts exports. */
export const pageText = `\
var SHOWN = 5;
var ranked = (scores, labels) => probabilities(scores).map((share, index) => ({ share, name: labels?.[index] ?? String(index) })).toSorted((a, b) => b.share - a.share).slice(0, SHOWN);
var showRanking = (list, classes) => list.replaceChildren(...classes.map(row));
var percentOf = ({ share }) => \`\${(100 * share).toFixed(1)} %\`;
function row(best) {
  const item = document.createElement("li");
  const label = document.createElement("span");
  label.dir = "auto";
  label.textContent = best.name;
  const percent = document.createElement("b");
  percent.textContent = percentOf(best);
  const bar = document.createElement("i");
  bar.style.setProperty("--share", String(best.share));
  item.append(label, percent, bar);
  return item;
}
function probabilities(scores) {
  const total = scores.reduce((a, b) => a + b, 0);
  if (scores.every((score) => score >= 0) && Math.abs(total - 1) < 1e-3) return scores;
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function openAnswer(model, places, answered) {
  const { ranking, status } = places;
  const voice = openVoice(places.spoken);
  let newest = 0;
  const begin = () => {
    const mine = ++newest;
    return () => mine === newest;
  };
  const say = (text) => {
    status.textContent = text;
    voice.say(text);
  };
  const replace = (text) => {
    begin();
    ranking.replaceChildren();
    say(text);
  };
  return {
    begin,
    replace,
    say,
    async look(picture, from) {
      const isNewest = begin();
      if (from !== "camera") voice.hush();
      try {
        const begun = performance.now();
        const outputs = await model.run(picture);
        const [{ name, labels }] = model.outputs;
        if (!isNewest()) return;
        const classes = ranked([...outputs[name]], labels);
        showRanking(ranking, classes);
        status.textContent = \`Answered in \${(performance.now() - begun).toFixed(1)} ms.\`;
        const [best] = classes;
        if (best) voice.sayAtRest(best.name, \`\${best.name}, \${percentOf(best)}\`);
        answered();
      } catch (error) {
        if (isNewest()) replace(\`That did not work: \${messageOf(error)}\`);
      }
    }
  };
}
var REST = 1e3;
function openVoice(region) {
  let waiting;
  let newest = "";
  let timer;
  const hush = () => {
    clearTimeout(timer);
    waiting = void 0;
    region.textContent = "";
  };
  return {
    /** Forgets what was to be said: the same answer to something else is said again. */
    hush,
    say(text) {
      hush();
      region.textContent = text;
    },
    sayAtRest(best, text) {
      newest = text;
      if (best === waiting) return;
      hush();
      waiting = best;
      timer = setTimeout(() => region.textContent = newest, REST);
    }
  };
}
var messageOf = (error) => error instanceof Error ? error.message : String(error);

function openCamera(button, { look, fail, ended }) {
  button.hidden = navigator.mediaDevices === void 0;
  button.disabled = false;
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  let current;
  const show = (isOn) => {
    button.textContent = isOn ? "Stop camera" : "Camera";
    button.setAttribute("aria-pressed", String(isOn));
  };
  const stop = () => {
    if (current?.stream) endTracks(current.stream);
    current = void 0;
    show(false);
  };
  const start = async () => {
    const mine = {};
    current = mine;
    const counts = () => current === mine;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!counts()) return endTracks(stream);
      mine.stream = stream;
      video.srcObject = stream;
      await video.play();
      if (counts()) show(true);
      while (counts() && stream.active) {
        await look(video);
        await new Promise(requestAnimationFrame);
      }
      if (!counts()) return;
      stop();
      ended();
    } catch (error) {
      if (!counts()) return;
      stop();
      fail(error instanceof Error ? error.message : String(error));
    }
  };
  button.addEventListener("click", () => {
    if (current?.stream) stop();
    else if (!current) void start();
  });
  return stop;
}
function endTracks(stream) {
  for (const track of stream.getTracks()) track.stop();
}

var FILLED = 20 / 28;
var PEN = 1 / 14;
var MAIN_BUTTON = 0;
var STEP = 1 / 28;
var ARROWS = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP]
};
function drawingField(field, pen, onDrawn) {
  const context = field.getContext("2d", { willReadFrequently: true });
  const clear = () => {
    context.fillStyle = "black";
    context.fillRect(0, 0, field.width, field.height);
  };
  clear();
  const stroke = (from, to) => {
    context.strokeStyle = "white";
    context.lineWidth = field.width * PEN;
    context.lineCap = "round";
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    onDrawn();
  };
  listenToPointers(field, stroke);
  listenToKeys(field, pen, stroke);
  return clear;
}
function listenToPointers(field, stroke) {
  const placeOf = ({ offsetX, offsetY }) => [
    offsetX * field.width / field.clientWidth,
    offsetY * field.height / field.clientHeight
  ];
  let drawing;
  field.addEventListener("pointerdown", (event) => {
    if (drawing || event.button !== MAIN_BUTTON) return;
    field.setPointerCapture(event.pointerId);
    const at = placeOf(event);
    drawing = { pointer: event.pointerId, at };
    stroke(at, at);
  });
  field.addEventListener("pointermove", (event) => {
    if (drawing?.pointer !== event.pointerId) return;
    const to = placeOf(event);
    stroke(drawing.at, to);
    drawing.at = to;
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
    field.addEventListener(end, ({ pointerId }) => {
      if (drawing?.pointer === pointerId) drawing = void 0;
    });
}
function listenToKeys(field, pen, stroke) {
  let at = [field.width / 2, field.height / 2];
  let isDown = false;
  const show = () => {
    pen.hidden = false;
    pen.classList.toggle("down", isDown);
    pen.style.left = \`\${100 * at[0] / field.width}%\`;
    pen.style.top = \`\${100 * at[1] / field.height}%\`;
  };
  field.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    const from = at;
    if (step) {
      const inside = (place, size) => Math.min(size, Math.max(0, place));
      at = [
        inside(at[0] + step[0] * field.width, field.width),
        inside(at[1] + step[1] * field.height, field.height)
      ];
    } else isDown = !isDown;
    if (isDown) stroke(from, at);
    show();
  });
  field.addEventListener("blur", () => {
    isDown = false;
    pen.hidden = true;
  });
}
function centred(field) {
  const box = inkOf(field);
  const copy = document.createElement("canvas");
  copy.width = field.width;
  copy.height = field.height;
  const context = copy.getContext("2d");
  context.fillStyle = "black";
  context.fillRect(0, 0, copy.width, copy.height);
  if (!box) return copy;
  const scale = FILLED * field.width / Math.max(box.width, box.height);
  const [width, height] = [box.width * scale, box.height * scale];
  const [x, y] = [(copy.width - width) / 2, (copy.height - height) / 2];
  context.drawImage(field, box.x, box.y, box.width, box.height, x, y, width, height);
  return copy;
}
function inkOf(field) {
  const { data, width, height } = field.getContext("2d").getImageData(0, 0, field.width, field.height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (data[4 * pixel] < 32) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? void 0 : new DOMRect(left, top, right - left + 1, bottom - top + 1);
}

function element(id) {
  return document.getElementById(id);
}
async function startPage(load) {
  const [status, spoken] = [element("status"), element("spoken")];
  const progress = element("progress");
  status.textContent = "Loading the model …";
  progress.hidden = false;
  try {
    const { createModel } = await load();
    const model = await createModel({
      onProgress: ({ loaded, total }) => progress.value = total === 0 ? 1 : loaded / total
    });
    const say = () => element("target").textContent = describe(model);
    const answer = openAnswer(model, { ranking: element("ranking"), status, spoken }, say);
    say();
    answer.say("Ready.");
    listen(answer);
  } catch (error) {
    spoken.textContent = status.textContent = whyNotLoaded(error);
  }
  progress.hidden = true;
}
var whyNotLoaded = (error) => location.protocol === "file:" ? "This page was opened as a file, and browsers load models from servers only. Run “npx serve” in its folder, and open the address that it says." : \`The model cannot be loaded: \${messageOf(error)}\`;
function describe({ report }) {
  const names = { webgpu: "GPU", js: "JavaScript" };
  const why = report.skipped.map(({ target, why: reason }) => \`\${names[target]}: \${reason}\`).join("; ");
  const device = report.device === void 0 ? "" : \` (\${report.device})\`;
  return \`Runs on \${names[report.target]}\${device}.\${why ? \` Not on \${why}.\` : ""}\`;
}
function listen(answer) {
  const preview = element("preview");
  const clearField = listenToPen(answer, () => {
    stopCamera();
    preview.hidden = true;
  });
  const stopCamera = openCamera(element("camera"), {
    look: (frame) => {
      clearField();
      drawInto(preview, frame);
      return answer.look(preview, "camera");
    },
    fail: (why) => answer.replace(\`The camera cannot be used: \${why}\`),
    ended: () => answer.say("The camera has stopped.")
  });
  const show = async (source) => {
    stopCamera();
    const isNewest = answer.begin();
    const bitmap = await createImageBitmap(source).catch(() => void 0);
    if (!isNewest()) return;
    clearField();
    preview.hidden = true;
    if (!bitmap) return answer.replace("This file is no picture that the browser can read.");
    drawInto(preview, bitmap);
    return answer.look(bitmap);
  };
  const file = element("file");
  file.disabled = false;
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (chosen) void show(chosen);
  });
  const pictureIn = (data) => [...data?.files ?? []].find(({ type }) => type.startsWith("image/"));
  document.addEventListener("paste", ({ clipboardData }) => {
    const pasted = pictureIn(clipboardData);
    if (pasted) void show(pasted);
  });
  const zone = document.body;
  for (const type of ["dragenter", "dragover", "dragleave", "drop"])
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", type === "dragenter" || type === "dragover");
      if (type !== "drop") return;
      const dropped = pictureIn(event.dataTransfer);
      if (dropped) void show(dropped);
      else answer.replace("There is no picture in what was dropped.");
    });
}
function listenToPen(answer, takeOver) {
  const field = document.getElementById("field");
  if (!(field instanceof HTMLCanvasElement)) return () => {
  };
  const clear = drawingField(field, element("pen"), () => {
    takeOver();
    void answer.look(centred(field));
  });
  const button = element("clear");
  button.disabled = false;
  button.addEventListener("click", () => {
    takeOver();
    clear();
    answer.replace("Ready.");
  });
  return clear;
}
function drawInto(canvas, picture) {
  const [width, height] = "videoWidth" in picture ? [picture.videoWidth, picture.videoHeight] : [picture.width, picture.height];
  const scale = Math.min(1, 640 / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.hidden = false;
}
return {
  startPage
};
`;

/** The body of a function that returns what runtime/image/index.ts exports. */
export const picturesText = `\
const { CnncError: CnncError3 } = runtime;
const { kindOf } = runtime;

const { CnncError: CnncError2 } = runtime;

const { CnncError } = runtime;
function inColours(pixels, order) {
  const { data, width, height } = pixels;
  const { red, green, blue, alpha, step } = layoutOf(pixels);
  const channels = order === "grey" ? 1 : 3;
  const out = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * step;
    const opacity = alpha === void 0 ? 255 : data[at + alpha];
    const r = onBlack(data[at + red], opacity);
    const g = onBlack(data[at + green], opacity);
    const b = onBlack(data[at + blue], opacity);
    if (order === "grey") out[pixel] = luminance(r, g, b);
    else out.set(order === "rgb" ? [r, g, b] : [b, g, r], 3 * pixel);
  }
  return { data: out, width, height, channels };
}
function layoutOf({ data, width, height }) {
  const step = data.length / (width * height);
  switch (step) {
    case 1:
      return { step, red: 0, green: 0, blue: 0 };
    case 3:
      return { step, red: 0, green: 1, blue: 2 };
    case 4:
      return { step, red: 0, green: 1, blue: 2, alpha: 3 };
  }
  throw new CnncError(
    "IMAGE_SIZE",
    \`a picture of \${width} × \${height} has \${data.length} bytes, expected 1, 3 or 4 bytes per pixel\`
  );
}
function onBlack(value, alpha) {
  const product = value * alpha + 128;
  return (product >> 8) + product >> 8;
}
var luminance = (r, g, b) => r * 19595 + g * 38470 + b * 7471 + 32768 >> 16;

function centre(picture, { width, height }) {
  const { channels } = picture;
  const data = new Uint8Array(width * height * channels);
  const left = margin(picture.width, width);
  const top = margin(picture.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x + left, y + top];
      if (fromX < 0 || fromX >= picture.width || fromY < 0 || fromY >= picture.height) continue;
      const from = (fromY * picture.width + fromX) * channels;
      data.set(picture.data.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return { data, width, height, channels };
}
function margin(size, wanted) {
  const half = (size - wanted) / 2;
  if (half < 0) return Math.ceil(half);
  const rounded = Math.round(half);
  return rounded - half === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

var FRACTION_BITS = 22;
function resample(picture, { width, height }) {
  const { data, channels } = picture;
  const rows = resampleAxis(data, [picture.height, picture.width, channels], width);
  return { data: resampleAxis(rows, [1, picture.height, width * channels], height), width, height, channels };
}
function resampleAxis(source, [outer, size, inner], newSize) {
  const out = new Uint8Array(outer * newSize * inner);
  const triangles = Array.from({ length: newSize }, (_, i) => triangle(i, size, newSize));
  let at = 0;
  for (let o = 0; o < outer; o++) {
    for (const { first, weights } of triangles) {
      const start = (o * size + first) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = 1 << FRACTION_BITS - 1;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * source[start + k * inner + i];
        out[at++] = sum >> FRACTION_BITS;
      }
    }
  }
  return out;
}
function triangle(index, size, newSize) {
  const scale = size / newSize;
  const support = Math.max(1, scale);
  const middle = (index + 0.5) * scale;
  const first = Math.max(0, Math.trunc(middle - support + 0.5));
  const end = Math.min(size, Math.trunc(middle + support + 0.5));
  const heights = Array.from(
    { length: end - first },
    (_, k) => Math.max(0, 1 - Math.abs((first + k - middle + 0.5) * (1 / support)))
  );
  const total = heights.reduce((a, b) => a + b, 0);
  return { first, weights: Int32Array.from(heights, (h) => 0.5 + h / total * 2 ** FRACTION_BITS) };
}

function fitPicture(picture, size, { resize, crop, fit }) {
  const resized = resize > 0 ? resample(picture, withShorterSide(picture, resize)) : picture;
  const cropped = crop > 0 ? centre(resized, { width: crop, height: crop }) : resized;
  const factors = [size.width / cropped.width, size.height / cropped.height];
  switch (fit) {
    case "stretch":
      return resample(cropped, size);
    case "cover":
      return centre(resample(cropped, scaled(cropped, Math.max(...factors))), size);
    case "contain":
      return centre(resample(cropped, scaled(cropped, Math.min(...factors))), size);
    case "pad":
      return centre(resample(cropped, scaled(cropped, Math.min(1, ...factors))), size);
  }
}
function withShorterSide({ width, height }, side) {
  return width <= height ? { width: side, height: Math.trunc(side * height / width) } : { width: Math.trunc(side * width / height), height: side };
}
function scaled({ width, height }, factor) {
  const side = (length) => Math.max(1, Math.round(length * factor));
  return { width: side(width), height: side(height) };
}

function prepareImage(pixels, { name, shape, image }) {
  const [height = 0, width = 0, channels] = sidesOf(shape, image);
  if (!image || shape.length !== 3 || channels !== (image.order === "grey" ? 1 : 3)) {
    const found = image ? \`order \${image.order}\` : "no image attributes";
    throw new CnncError2(
      "IMAGE_SPEC",
      \`input "\${name}" (\${shape.join(" × ")}) with \${found} takes no pictures: expected height × width × 3 channels, or 1 for grey\`
    );
  }
  const { data } = fitPicture(inColours(pixels, image.order), { width, height }, image);
  const { scale, mean, std } = image;
  const values = new Float32Array(data.length);
  const pixelCount = data.length / channels;
  for (const [i, value] of data.entries()) {
    const channel = i % channels;
    const at = image.channels === "first" ? channel * pixelCount + (i - channel) / channels : i;
    values[at] = (value * scale - mean[channel]) / std[channel];
  }
  return values;
}
function sidesOf(shape, image) {
  if (image?.channels !== "first") return shape;
  const [channels, ...sides] = shape;
  return [...sides, channels];
}

function readPicture(value, spec) {
  if (!spec.image || !isPicture(value)) return void 0;
  return prepareImage(pixelsOf(value), spec);
}
var KINDS = /* @__PURE__ */ new Set([
  "ImageData",
  "ImageBitmap",
  "HTMLImageElement",
  "HTMLCanvasElement",
  "HTMLVideoElement",
  "OffscreenCanvas",
  "VideoFrame"
]);
var isPicture = (value) => KINDS.has(kindOf(value));
function pixelsOf(picture) {
  if (kindOf(picture) === "ImageData") return ofBytes(picture);
  const drawable = picture;
  const { width, height } = sizeOf(drawable);
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  try {
    context.drawImage(drawable, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (cause) {
    throw new CnncError3("INPUT_TYPE", \`\${kindOf(picture)} gives no pixels: \${cause}\`, { cause });
  }
}
function ofBytes(pixels) {
  const kind = kindOf(pixels.data);
  if (kind === "Uint8ClampedArray") return pixels;
  throw new CnncError3("INPUT_TYPE", \`ImageData holds a \${kind}; bytes are read (rgba-unorm8)\`);
}
function sizeOf(picture) {
  if ("videoWidth" in picture) return { width: picture.videoWidth, height: picture.videoHeight };
  if ("naturalWidth" in picture) return { width: picture.naturalWidth, height: picture.naturalHeight };
  if ("displayWidth" in picture) return { width: picture.displayWidth, height: picture.displayHeight };
  return picture;
}
return {
  readPicture
};
`;
