"""Runs exported modules. The folder has, for each network NAME: NAME.py, NAME.safetensors and NAME.json, which
says the inputs; NAME.result.json gets the keys of its state_dict and the outputs."""
import importlib.util
import json
import pathlib
import struct
import sys

import torch


def read_safetensors(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        values = bytearray(data[8 + size + begin : 8 + size + end])
        # An empty buffer is refused.
        flat = torch.frombuffer(values, dtype=torch.float32) if values else torch.empty(0)
        tensors[name] = flat.reshape(info["shape"])
    return tensors


def run(folder, job):
    name = job["name"]
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = getattr(module, job["class"])()
    model.load_state_dict(read_safetensors(folder / f"{name}.safetensors"))
    model.eval()
    inputs = [torch.tensor(each["data"], dtype=torch.float32).reshape(each["shape"]) for each in job["inputs"]]
    with torch.no_grad():
        outputs = model(*inputs)
    if not isinstance(outputs, dict):
        outputs = {"output": outputs}
    # As text, for JSON has no word for what is not a number.
    flat = {
        key: {"shape": list(value.shape), "data": [repr(each) for each in value.flatten().tolist()]}
        for key, value in outputs.items()
    }
    keys = [key for key in model.state_dict() if not key.endswith("num_batches_tracked")]
    return {"keys": sorted(keys), "outputs": flat}


folder = pathlib.Path(sys.argv[1])
torch.set_num_threads(1)
for path in sorted(folder.glob("*.job.json")):
    job = json.loads(path.read_text())
    try:
        result = run(folder, job)
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    (folder / f"{job['name']}.result.json").write_text(json.dumps(result))
