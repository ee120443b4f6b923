// The target webgpu: a plan on a device, and what happens when the device is lost.
import { CnncError } from '../errors.ts';
import { itemsIn, runItems } from '../items.ts';
import type { Data, Engine } from '../program.ts';
import { type Setting, type Start, startFirst } from '../targets.ts';
import { describe, openDevice } from './device.ts';
import { startEngine } from './engine.ts';
import type { WebgpuPlan } from './plan.ts';

/** `moduleUrl` says where Node looks for the optional package `webgpu`. */
export const webgpuTarget =
  (plan: WebgpuPlan, moduleUrl: () => string): Start =>
  async (setting) => {
    const start = () => startOnDevice(plan, setting, moduleUrl);
    return recovering(await start(), start, setting);
  };

async function startOnDevice(
  plan: WebgpuPlan,
  { program, weights, device: given, others }: Setting,
  moduleUrl: () => string,
): Promise<Engine> {
  if (given) {
    const engine = await startEngine(plan, program, given, weights);
    return Object.assign(engine, { takesBuffers: true, about: describe(given.adapterInfo) });
  }
  const opened = await openDevice(moduleUrl(), others.length > 0 ? 'hardware' : 'any');
  try {
    const engine = await startEngine(plan, program, opened.device, weights);
    const dispose = () => opened.device.destroy();
    return Object.assign(engine, { takesBuffers: true, about: opened.adapter, dispose });
  } catch (error) {
    opened.device.destroy();
    throw error;
  }
}

/**
 * An engine that survives the loss of its device: the first time it is built up again on a new device, after
 * that the next target takes over, and the run that failed is repeated. A caller's device cannot be replaced.
 */
function recovering(first: Engine, restart: () => Promise<Engine>, setting: Setting): Engine {
  let engine = first;
  let hasSpare = setting.device === undefined;

  async function replace(loss: CnncError): Promise<void> {
    if (hasSpare) {
      hasSpare = false;
      const again = await restart().catch(unlessUnavailable);
      if (again) {
        engine = again;
        return;
      }
    }
    if (setting.onDeviceLost === 'reject' || setting.others.length === 0) throw loss;
    const next = await startFirst(setting.others, setting);
    setting.onMove(next, loss.message);
    engine = next.engine;
  }

  async function run(inputs: readonly Data[], outputs: readonly Data[]): Promise<void> {
    const count = itemsIn(setting.program, { inputs, outputs });
    try {
      await runItems(engine, setting.program, { count, inputs, outputs });
    } catch (error) {
      if (!(error instanceof CnncError && error.code === 'DEVICE_LOST')) throw error;
      // Buffers of the caller's are lost with their device.
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
    about: first.about!, // startOnDevice says it
    run,
    dispose: () => engine.dispose(),
  };
}

/** Nothing, where the target does not run any more. */
function unlessUnavailable(error: unknown): undefined {
  const isKnown = error instanceof CnncError && ['TARGET_UNAVAILABLE', 'DEVICE_LOST'].includes(error.code);
  if (!isKnown) throw error;
}
