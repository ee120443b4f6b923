"""unet as a module of PyTorch, written by cnnc 0.1.0.

The keys of its state_dict are the paths of the program, so that weights go both ways:

    model = Unet()
    model.load_state_dict(safetensors.torch.load_file("unet.safetensors"))
    ...  # train
    safetensors.torch.save_file(model.state_dict(), "unet.safetensors")

and then: cnnc compile unet.cnn --weights unet.safetensors
"""
import torch
import torch.nn.functional as F
from torch import nn


class Unet(nn.Module):
    def __init__(self):
        super().__init__()
        self.d1 = nn.Module()
        self.d1.conv1 = nn.Conv2d(1, 64, 3, padding=1)
        self.d1.conv2 = nn.Conv2d(64, 64, 3, padding=1)
        self.d2 = nn.Module()
        self.d2.conv1 = nn.Conv2d(64, 128, 3, padding=1)
        self.d2.conv2 = nn.Conv2d(128, 128, 3, padding=1)
        self.d3 = nn.Module()
        self.d3.conv1 = nn.Conv2d(128, 256, 3, padding=1)
        self.d3.conv2 = nn.Conv2d(256, 256, 3, padding=1)
        self.d4 = nn.Module()
        self.d4.conv1 = nn.Conv2d(256, 512, 3, padding=1)
        self.d4.conv2 = nn.Conv2d(512, 512, 3, padding=1)
        self.two5 = nn.Module()
        self.two5.conv1 = nn.Conv2d(512, 1024, 3, padding=1)
        self.two5.conv2 = nn.Conv2d(1024, 1024, 3, padding=1)
        self.deconv1 = nn.ConvTranspose2d(1024, 512, 2, stride=2)
        self.two6 = nn.Module()
        self.two6.conv1 = nn.Conv2d(1024, 512, 3, padding=1)
        self.two6.conv2 = nn.Conv2d(512, 512, 3, padding=1)
        self.deconv2 = nn.ConvTranspose2d(512, 256, 2, stride=2)
        self.two7 = nn.Module()
        self.two7.conv1 = nn.Conv2d(512, 256, 3, padding=1)
        self.two7.conv2 = nn.Conv2d(256, 256, 3, padding=1)
        self.deconv3 = nn.ConvTranspose2d(256, 128, 2, stride=2)
        self.two8 = nn.Module()
        self.two8.conv1 = nn.Conv2d(256, 128, 3, padding=1)
        self.two8.conv2 = nn.Conv2d(128, 128, 3, padding=1)
        self.deconv4 = nn.ConvTranspose2d(128, 64, 2, stride=2)
        self.two9 = nn.Module()
        self.two9.conv1 = nn.Conv2d(128, 64, 3, padding=1)
        self.two9.conv2 = nn.Conv2d(64, 64, 3, padding=1)
        self.conv1 = nn.Conv2d(64, 2, 1)

    def forward(self, x):
        # x: N×1×256×256; pixels are grey, 0 to 255
        x = F.relu(self.d1.conv1(x))  # 64×256×256
        x = F.relu(self.d1.conv2(x))
        y = F.max_pool2d(x, 2)  # 64×128×128
        y = F.relu(self.d2.conv1(y))  # 128×128×128
        y = F.relu(self.d2.conv2(y))
        z = F.max_pool2d(y, 2)  # 128×64×64
        z = F.relu(self.d3.conv1(z))  # 256×64×64
        z = F.relu(self.d3.conv2(z))
        x4 = F.max_pool2d(z, 2)  # 256×32×32
        x4 = F.relu(self.d4.conv1(x4))  # 512×32×32
        x4 = F.relu(self.d4.conv2(x4))
        x5 = F.max_pool2d(x4, 2)  # 512×16×16
        x5 = F.relu(self.two5.conv1(x5))  # 1024×16×16
        x5 = F.relu(self.two5.conv2(x5))
        x5 = self.deconv1(x5)  # 512×32×32
        x4 = torch.cat([x4, x5], 1)  # 1024×32×32
        x4 = F.relu(self.two6.conv1(x4))  # 512×32×32
        x4 = F.relu(self.two6.conv2(x4))
        x4 = self.deconv2(x4)  # 256×64×64
        z = torch.cat([z, x4], 1)  # 512×64×64
        z = F.relu(self.two7.conv1(z))  # 256×64×64
        z = F.relu(self.two7.conv2(z))
        z = self.deconv3(z)  # 128×128×128
        y = torch.cat([y, z], 1)  # 256×128×128
        y = F.relu(self.two8.conv1(y))  # 128×128×128
        y = F.relu(self.two8.conv2(y))
        y = self.deconv4(y)  # 64×256×256
        x = torch.cat([x, y], 1)  # 128×256×256
        x = F.relu(self.two9.conv1(x))  # 64×256×256
        x = F.relu(self.two9.conv2(x))
        x = self.conv1(x)  # 2×256×256
        return x
