// The graph as a module of PyTorch: a file for people to read, train and change. The keys of its state_dict are
// the program's weight paths.
import { isWeight, type Graph, type GraphInput } from '../../ir/graph.ts';
import { channelsFirst } from '../../ops/onnx.ts';
import { code, lines } from '../../support/code.ts';
import type { Complaint } from '../../support/refusal.ts';
import { batchOf, ofAnyBatch } from '../batch.ts';
import { ownerOf, writeForward, type Statement } from './forward.ts';
import { ModuleTree } from './modules.ts';
import { className, literal, plain } from './names.ts';

export interface TorchModule {
  readonly text: string;
  /** What PyTorch cannot say; then the text is not to be used. */
  readonly complaints: readonly Complaint[];
}

/** `graph` is as the program says it, before any pass; weights need no numbers. */
export function writeTorch(graph: Graph, version: string, { isModel = false } = {}): TorchModule {
  const modules = new ModuleTree(graph.nodes.filter(isWeight).map(ownerOf));
  const forward = writeForward(graph, modules);
  // PyTorch fixes no batch: that a model does says nothing here.
  const open = graph.inputs.map((input) => ({ ...input, hasOpenBatch: true }));
  const { isOpen } = batchOf({ ...graph, inputs: open });
  const name = className(graph.name);
  const file = plain(graph.name);
  const text = code`
    """${file} as a module of PyTorch, written by cnnc ${version}.

    The keys of its state_dict are the paths of the program, so that weights go both ways:

        model = ${name}()
        model.load_state_dict(safetensors.torch.load_file("${file}.safetensors"))
        ...  # train
        safetensors.torch.save_file(model.state_dict(), "${file}.safetensors")

    and then${isModel ? ', with the program that cnnc import makes of the model' : ''}: cnnc compile ${file}.cnn --weights ${file}.safetensors
    """
    import torch
    import torch.nn.functional as F
    from torch import nn

    ${forward.helpers.length > 0 ? `\n${forward.helpers.join('\n\n\n')}\n` : ''}

    class ${name}(nn.Module):
        def __init__(self):
            super().__init__()
            ${lines(modules.statements())}

        def forward(${['self', ...forward.parameters].join(', ')}):
            ${lines(graph.inputs.map((input, i) => describeInput(input, forward.parameters[i]!, isOpen(input.node))))}
            ${lines(forward.statements.map(statement))}
  `;
  return { text: `${text}\n`, complaints: forward.complaints };
}

const WIDTH = 100;

/** The result's sizes, where they change, stand behind a statement, or above it where there is no room. */
function statement({ text, comment }: Statement, index: number, all: readonly Statement[]): string {
  if (comment === undefined || comment === all[index - 1]?.comment) return text;
  return text.length + comment.length <= WIDTH - 12 ? `${text}  # ${comment}` : `# ${comment}\n${text}`;
}

/** `# x: N×3×224×224, pixels as (value / 255 - mean) / std, rgb` */
function describeInput({ name, node, image, dims }: GraphInput, parameter: string, isOpen: boolean): string {
  const sizes = dims ?? channelsFirst(node.type.shape);
  const shape = (isOpen ? ofAnyBatch(sizes) : sizes).join('×');
  const what = parameter === name || parameter === 'x' ? parameter : `${parameter} (${literal(plain(name))})`;
  if (!image) return `# ${what}: ${shape}`;
  const [mean, std] = [image.mean, image.std].map((values) => show(values));
  const divisor = 1 / image.scale;
  const scaled =
    image.scale === 1 ? 'value' : Number.isInteger(divisor) ? `value / ${divisor}` : `value * ${image.scale}`;
  const shifted = image.mean.every((each) => each === 0) ? scaled : `(${scaled} - ${mean})`;
  const prepared = image.std.every((each) => each === 1) ? shifted : `${shifted} / ${std}`;
  return `# ${what}: ${shape}; pixels are ${image.order}, ${prepared === 'value' ? '0 to 255' : prepared}`;
}

const show = (values: readonly number[]): string =>
  values.every((each) => each === values[0]) ? String(values[0]) : `(${values.join(', ')})`;
