"""lenet5 as a module of PyTorch, written by cnnc 0.1.0.

The keys of its state_dict are the paths of the program, so that weights go both ways:

    model = Lenet5()
    model.load_state_dict(safetensors.torch.load_file("lenet5.safetensors"))
    ...  # train
    safetensors.torch.save_file(model.state_dict(), "lenet5.safetensors")

and then: cnnc compile lenet5.cnn --weights lenet5.safetensors
"""
import torch
import torch.nn.functional as F
from torch import nn


class Lenet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        # x: N×1×32×32; pixels are grey, value / 255
        x = torch.tanh(self.conv1(x))  # 6×28×28
        x = F.avg_pool2d(x, 2)  # 6×14×14
        x = torch.tanh(self.conv2(x))  # 16×10×10
        x = F.avg_pool2d(x, 2)  # 16×5×5
        x = torch.tanh(self.fc1(x.flatten(1)))  # 120
        x = torch.tanh(self.fc2(x))  # 84
        x = self.fc3(x)  # 10
        return x
