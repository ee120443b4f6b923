"""inception as a module of PyTorch, written by cnnc 0.1.0.

The keys of its state_dict are the paths of the program, so that weights go both ways:

    model = Inception()
    model.load_state_dict(safetensors.torch.load_file("inception.safetensors"))
    ...  # train
    safetensors.torch.save_file(model.state_dict(), "inception.safetensors")

and then: cnnc compile inception.cnn --weights inception.safetensors
"""
import torch
import torch.nn.functional as F
from torch import nn


class Inception(nn.Module):
    def __init__(self):
        super().__init__()
        self.a3 = nn.Module()
        self.a3.conv1 = nn.Conv2d(192, 64, 1)
        self.a3.conv2 = nn.Conv2d(192, 96, 1)
        self.a3.conv3 = nn.Conv2d(96, 128, 3, padding=1)
        self.a3.conv4 = nn.Conv2d(192, 16, 1)
        self.a3.conv5 = nn.Conv2d(16, 32, 5, padding=2)
        self.a3.conv6 = nn.Conv2d(192, 32, 1)

    def forward(self, x):
        # x: N×192×28×28
        y = F.relu(self.a3.conv1(x))  # 64×28×28
        z = F.relu(self.a3.conv2(x))  # 96×28×28
        z = F.relu(self.a3.conv3(z))  # 128×28×28
        x4 = F.relu(self.a3.conv4(x))  # 16×28×28
        x4 = F.relu(self.a3.conv5(x4))  # 32×28×28
        x = F.max_pool2d(x, 3, stride=1, padding=1)  # 192×28×28
        x = F.relu(self.a3.conv6(x))  # 32×28×28
        x = torch.cat([y, z, x4, x], 1)  # 256×28×28
        return x
