"""resnet18 as a module of PyTorch, written by cnnc 0.1.0.

The keys of its state_dict are the paths of the program, so that weights go both ways:

    model = Resnet18()
    model.load_state_dict(safetensors.torch.load_file("resnet18.safetensors"))
    ...  # train
    safetensors.torch.save_file(model.state_dict(), "resnet18.safetensors")

and then: cnnc compile resnet18.cnn --weights resnet18.safetensors
"""
import torch
import torch.nn.functional as F
from torch import nn


class Resnet18(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.ModuleList()
        self.layer1.append(nn.Module())
        self.layer1[0].conv1 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.layer1[0].bn1 = nn.BatchNorm2d(64)
        self.layer1[0].conv2 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.layer1[0].bn2 = nn.BatchNorm2d(64)
        self.layer1.append(nn.Module())
        self.layer1[1].conv1 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.layer1[1].bn1 = nn.BatchNorm2d(64)
        self.layer1[1].conv2 = nn.Conv2d(64, 64, 3, padding=1, bias=False)
        self.layer1[1].bn2 = nn.BatchNorm2d(64)
        self.layer2 = nn.ModuleList()
        self.layer2.append(nn.Module())
        self.layer2[0].conv1 = nn.Conv2d(64, 128, 3, stride=2, padding=1, bias=False)
        self.layer2[0].bn1 = nn.BatchNorm2d(128)
        self.layer2[0].conv2 = nn.Conv2d(128, 128, 3, padding=1, bias=False)
        self.layer2[0].bn2 = nn.BatchNorm2d(128)
        self.layer2[0].downsample = nn.ModuleList()
        self.layer2[0].downsample.append(nn.Conv2d(64, 128, 1, stride=2, bias=False))
        self.layer2[0].downsample.append(nn.BatchNorm2d(128))
        self.layer2.append(nn.Module())
        self.layer2[1].conv1 = nn.Conv2d(128, 128, 3, padding=1, bias=False)
        self.layer2[1].bn1 = nn.BatchNorm2d(128)
        self.layer2[1].conv2 = nn.Conv2d(128, 128, 3, padding=1, bias=False)
        self.layer2[1].bn2 = nn.BatchNorm2d(128)
        self.layer3 = nn.ModuleList()
        self.layer3.append(nn.Module())
        self.layer3[0].conv1 = nn.Conv2d(128, 256, 3, stride=2, padding=1, bias=False)
        self.layer3[0].bn1 = nn.BatchNorm2d(256)
        self.layer3[0].conv2 = nn.Conv2d(256, 256, 3, padding=1, bias=False)
        self.layer3[0].bn2 = nn.BatchNorm2d(256)
        self.layer3[0].downsample = nn.ModuleList()
        self.layer3[0].downsample.append(nn.Conv2d(128, 256, 1, stride=2, bias=False))
        self.layer3[0].downsample.append(nn.BatchNorm2d(256))
        self.layer3.append(nn.Module())
        self.layer3[1].conv1 = nn.Conv2d(256, 256, 3, padding=1, bias=False)
        self.layer3[1].bn1 = nn.BatchNorm2d(256)
        self.layer3[1].conv2 = nn.Conv2d(256, 256, 3, padding=1, bias=False)
        self.layer3[1].bn2 = nn.BatchNorm2d(256)
        self.layer4 = nn.ModuleList()
        self.layer4.append(nn.Module())
        self.layer4[0].conv1 = nn.Conv2d(256, 512, 3, stride=2, padding=1, bias=False)
        self.layer4[0].bn1 = nn.BatchNorm2d(512)
        self.layer4[0].conv2 = nn.Conv2d(512, 512, 3, padding=1, bias=False)
        self.layer4[0].bn2 = nn.BatchNorm2d(512)
        self.layer4[0].downsample = nn.ModuleList()
        self.layer4[0].downsample.append(nn.Conv2d(256, 512, 1, stride=2, bias=False))
        self.layer4[0].downsample.append(nn.BatchNorm2d(512))
        self.layer4.append(nn.Module())
        self.layer4[1].conv1 = nn.Conv2d(512, 512, 3, padding=1, bias=False)
        self.layer4[1].bn1 = nn.BatchNorm2d(512)
        self.layer4[1].conv2 = nn.Conv2d(512, 512, 3, padding=1, bias=False)
        self.layer4[1].bn2 = nn.BatchNorm2d(512)
        self.fc = nn.Linear(512, 1000)

    def forward(self, x):
        # x: N×3×224×224; pixels are rgb, 0 to 255
        x = self.conv1(x)  # 64×112×112
        x = self.bn1(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 3, stride=2, padding=1)  # 64×56×56
        y = self.layer1[0].conv1(x)
        y = self.layer1[0].bn1(y)
        y = F.relu(y)
        y = self.layer1[0].conv2(y)
        y = self.layer1[0].bn2(y)
        x = y + x
        x = F.relu(x)
        y = self.layer1[1].conv1(x)
        y = self.layer1[1].bn1(y)
        y = F.relu(y)
        y = self.layer1[1].conv2(y)
        y = self.layer1[1].bn2(y)
        x = y + x
        x = F.relu(x)
        y = self.layer2[0].conv1(x)  # 128×28×28
        y = self.layer2[0].bn1(y)
        y = F.relu(y)
        y = self.layer2[0].conv2(y)
        y = self.layer2[0].bn2(y)
        x = self.layer2[0].downsample[0](x)
        x = self.layer2[0].downsample[1](x)
        x = y + x
        x = F.relu(x)
        y = self.layer2[1].conv1(x)
        y = self.layer2[1].bn1(y)
        y = F.relu(y)
        y = self.layer2[1].conv2(y)
        y = self.layer2[1].bn2(y)
        x = y + x
        x = F.relu(x)
        y = self.layer3[0].conv1(x)  # 256×14×14
        y = self.layer3[0].bn1(y)
        y = F.relu(y)
        y = self.layer3[0].conv2(y)
        y = self.layer3[0].bn2(y)
        x = self.layer3[0].downsample[0](x)
        x = self.layer3[0].downsample[1](x)
        x = y + x
        x = F.relu(x)
        y = self.layer3[1].conv1(x)
        y = self.layer3[1].bn1(y)
        y = F.relu(y)
        y = self.layer3[1].conv2(y)
        y = self.layer3[1].bn2(y)
        x = y + x
        x = F.relu(x)
        y = self.layer4[0].conv1(x)  # 512×7×7
        y = self.layer4[0].bn1(y)
        y = F.relu(y)
        y = self.layer4[0].conv2(y)
        y = self.layer4[0].bn2(y)
        x = self.layer4[0].downsample[0](x)
        x = self.layer4[0].downsample[1](x)
        x = y + x
        x = F.relu(x)
        y = self.layer4[1].conv1(x)
        y = self.layer4[1].bn1(y)
        y = F.relu(y)
        y = self.layer4[1].conv2(y)
        y = self.layer4[1].bn2(y)
        x = y + x
        x = F.relu(x)
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)  # 512
        x = self.fc(x)  # 1000
        return x
