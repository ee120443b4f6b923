"""mobilenetv2 as a module of PyTorch, written by cnnc 0.1.0.

The keys of its state_dict are the paths of the program, so that weights go both ways:

    model = Mobilenetv2()
    model.load_state_dict(safetensors.torch.load_file("mobilenetv2.safetensors"))
    ...  # train
    safetensors.torch.save_file(model.state_dict(), "mobilenetv2.safetensors")

and then: cnnc compile mobilenetv2.cnn --weights mobilenetv2.safetensors
"""
import torch
import torch.nn.functional as F
from torch import nn


class Mobilenetv2(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 3, stride=2, padding=1, bias=False)
        self.conv1.norm = nn.BatchNorm2d(32)
        self.dwconv1 = nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False)
        self.dwconv1.norm = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 16, 1, bias=False)
        self.conv2.norm = nn.BatchNorm2d(16)
        self.stage1 = nn.Module()
        self.stage1.ir1 = nn.Module()
        self.stage1.ir1.conv1 = nn.Conv2d(16, 96, 1, bias=False)
        self.stage1.ir1.conv1.norm = nn.BatchNorm2d(96)
        self.stage1.ir1.dwconv1 = nn.Conv2d(96, 96, 3, stride=2, padding=1, groups=96, bias=False)
        self.stage1.ir1.dwconv1.norm = nn.BatchNorm2d(96)
        self.stage1.ir1.conv2 = nn.Conv2d(96, 24, 1, bias=False)
        self.stage1.ir1.conv2.norm = nn.BatchNorm2d(24)
        self.stage1.res1 = nn.Module()
        self.stage1.res1.ir1 = nn.Module()
        self.stage1.res1.ir1.conv1 = nn.Conv2d(24, 144, 1, bias=False)
        self.stage1.res1.ir1.conv1.norm = nn.BatchNorm2d(144)
        self.stage1.res1.ir1.dwconv1 = nn.Conv2d(144, 144, 3, padding=1, groups=144, bias=False)
        self.stage1.res1.ir1.dwconv1.norm = nn.BatchNorm2d(144)
        self.stage1.res1.ir1.conv2 = nn.Conv2d(144, 24, 1, bias=False)
        self.stage1.res1.ir1.conv2.norm = nn.BatchNorm2d(24)
        self.stage2 = nn.Module()
        self.stage2.ir1 = nn.Module()
        self.stage2.ir1.conv1 = nn.Conv2d(24, 144, 1, bias=False)
        self.stage2.ir1.conv1.norm = nn.BatchNorm2d(144)
        self.stage2.ir1.dwconv1 = nn.Conv2d(144, 144, 3, stride=2, padding=1, groups=144, bias=False)
        self.stage2.ir1.dwconv1.norm = nn.BatchNorm2d(144)
        self.stage2.ir1.conv2 = nn.Conv2d(144, 32, 1, bias=False)
        self.stage2.ir1.conv2.norm = nn.BatchNorm2d(32)
        self.stage2.res1 = nn.Module()
        self.stage2.res1.ir1 = nn.Module()
        self.stage2.res1.ir1.conv1 = nn.Conv2d(32, 192, 1, bias=False)
        self.stage2.res1.ir1.conv1.norm = nn.BatchNorm2d(192)
        self.stage2.res1.ir1.dwconv1 = nn.Conv2d(192, 192, 3, padding=1, groups=192, bias=False)
        self.stage2.res1.ir1.dwconv1.norm = nn.BatchNorm2d(192)
        self.stage2.res1.ir1.conv2 = nn.Conv2d(192, 32, 1, bias=False)
        self.stage2.res1.ir1.conv2.norm = nn.BatchNorm2d(32)
        self.stage2.res2 = nn.Module()
        self.stage2.res2.ir1 = nn.Module()
        self.stage2.res2.ir1.conv1 = nn.Conv2d(32, 192, 1, bias=False)
        self.stage2.res2.ir1.conv1.norm = nn.BatchNorm2d(192)
        self.stage2.res2.ir1.dwconv1 = nn.Conv2d(192, 192, 3, padding=1, groups=192, bias=False)
        self.stage2.res2.ir1.dwconv1.norm = nn.BatchNorm2d(192)
        self.stage2.res2.ir1.conv2 = nn.Conv2d(192, 32, 1, bias=False)
        self.stage2.res2.ir1.conv2.norm = nn.BatchNorm2d(32)
        self.stage3 = nn.Module()
        self.stage3.ir1 = nn.Module()
        self.stage3.ir1.conv1 = nn.Conv2d(32, 192, 1, bias=False)
        self.stage3.ir1.conv1.norm = nn.BatchNorm2d(192)
        self.stage3.ir1.dwconv1 = nn.Conv2d(192, 192, 3, stride=2, padding=1, groups=192, bias=False)
        self.stage3.ir1.dwconv1.norm = nn.BatchNorm2d(192)
        self.stage3.ir1.conv2 = nn.Conv2d(192, 64, 1, bias=False)
        self.stage3.ir1.conv2.norm = nn.BatchNorm2d(64)
        self.stage3.res1 = nn.Module()
        self.stage3.res1.ir1 = nn.Module()
        self.stage3.res1.ir1.conv1 = nn.Conv2d(64, 384, 1, bias=False)
        self.stage3.res1.ir1.conv1.norm = nn.BatchNorm2d(384)
        self.stage3.res1.ir1.dwconv1 = nn.Conv2d(384, 384, 3, padding=1, groups=384, bias=False)
        self.stage3.res1.ir1.dwconv1.norm = nn.BatchNorm2d(384)
        self.stage3.res1.ir1.conv2 = nn.Conv2d(384, 64, 1, bias=False)
        self.stage3.res1.ir1.conv2.norm = nn.BatchNorm2d(64)
        self.stage3.res2 = nn.Module()
        self.stage3.res2.ir1 = nn.Module()
        self.stage3.res2.ir1.conv1 = nn.Conv2d(64, 384, 1, bias=False)
        self.stage3.res2.ir1.conv1.norm = nn.BatchNorm2d(384)
        self.stage3.res2.ir1.dwconv1 = nn.Conv2d(384, 384, 3, padding=1, groups=384, bias=False)
        self.stage3.res2.ir1.dwconv1.norm = nn.BatchNorm2d(384)
        self.stage3.res2.ir1.conv2 = nn.Conv2d(384, 64, 1, bias=False)
        self.stage3.res2.ir1.conv2.norm = nn.BatchNorm2d(64)
        self.stage3.res3 = nn.Module()
        self.stage3.res3.ir1 = nn.Module()
        self.stage3.res3.ir1.conv1 = nn.Conv2d(64, 384, 1, bias=False)
        self.stage3.res3.ir1.conv1.norm = nn.BatchNorm2d(384)
        self.stage3.res3.ir1.dwconv1 = nn.Conv2d(384, 384, 3, padding=1, groups=384, bias=False)
        self.stage3.res3.ir1.dwconv1.norm = nn.BatchNorm2d(384)
        self.stage3.res3.ir1.conv2 = nn.Conv2d(384, 64, 1, bias=False)
        self.stage3.res3.ir1.conv2.norm = nn.BatchNorm2d(64)
        self.stage4 = nn.Module()
        self.stage4.ir1 = nn.Module()
        self.stage4.ir1.conv1 = nn.Conv2d(64, 384, 1, bias=False)
        self.stage4.ir1.conv1.norm = nn.BatchNorm2d(384)
        self.stage4.ir1.dwconv1 = nn.Conv2d(384, 384, 3, padding=1, groups=384, bias=False)
        self.stage4.ir1.dwconv1.norm = nn.BatchNorm2d(384)
        self.stage4.ir1.conv2 = nn.Conv2d(384, 96, 1, bias=False)
        self.stage4.ir1.conv2.norm = nn.BatchNorm2d(96)
        self.stage4.res1 = nn.Module()
        self.stage4.res1.ir1 = nn.Module()
        self.stage4.res1.ir1.conv1 = nn.Conv2d(96, 576, 1, bias=False)
        self.stage4.res1.ir1.conv1.norm = nn.BatchNorm2d(576)
        self.stage4.res1.ir1.dwconv1 = nn.Conv2d(576, 576, 3, padding=1, groups=576, bias=False)
        self.stage4.res1.ir1.dwconv1.norm = nn.BatchNorm2d(576)
        self.stage4.res1.ir1.conv2 = nn.Conv2d(576, 96, 1, bias=False)
        self.stage4.res1.ir1.conv2.norm = nn.BatchNorm2d(96)
        self.stage4.res2 = nn.Module()
        self.stage4.res2.ir1 = nn.Module()
        self.stage4.res2.ir1.conv1 = nn.Conv2d(96, 576, 1, bias=False)
        self.stage4.res2.ir1.conv1.norm = nn.BatchNorm2d(576)
        self.stage4.res2.ir1.dwconv1 = nn.Conv2d(576, 576, 3, padding=1, groups=576, bias=False)
        self.stage4.res2.ir1.dwconv1.norm = nn.BatchNorm2d(576)
        self.stage4.res2.ir1.conv2 = nn.Conv2d(576, 96, 1, bias=False)
        self.stage4.res2.ir1.conv2.norm = nn.BatchNorm2d(96)
        self.stage5 = nn.Module()
        self.stage5.ir1 = nn.Module()
        self.stage5.ir1.conv1 = nn.Conv2d(96, 576, 1, bias=False)
        self.stage5.ir1.conv1.norm = nn.BatchNorm2d(576)
        self.stage5.ir1.dwconv1 = nn.Conv2d(576, 576, 3, stride=2, padding=1, groups=576, bias=False)
        self.stage5.ir1.dwconv1.norm = nn.BatchNorm2d(576)
        self.stage5.ir1.conv2 = nn.Conv2d(576, 160, 1, bias=False)
        self.stage5.ir1.conv2.norm = nn.BatchNorm2d(160)
        self.stage5.res1 = nn.Module()
        self.stage5.res1.ir1 = nn.Module()
        self.stage5.res1.ir1.conv1 = nn.Conv2d(160, 960, 1, bias=False)
        self.stage5.res1.ir1.conv1.norm = nn.BatchNorm2d(960)
        self.stage5.res1.ir1.dwconv1 = nn.Conv2d(960, 960, 3, padding=1, groups=960, bias=False)
        self.stage5.res1.ir1.dwconv1.norm = nn.BatchNorm2d(960)
        self.stage5.res1.ir1.conv2 = nn.Conv2d(960, 160, 1, bias=False)
        self.stage5.res1.ir1.conv2.norm = nn.BatchNorm2d(160)
        self.stage5.res2 = nn.Module()
        self.stage5.res2.ir1 = nn.Module()
        self.stage5.res2.ir1.conv1 = nn.Conv2d(160, 960, 1, bias=False)
        self.stage5.res2.ir1.conv1.norm = nn.BatchNorm2d(960)
        self.stage5.res2.ir1.dwconv1 = nn.Conv2d(960, 960, 3, padding=1, groups=960, bias=False)
        self.stage5.res2.ir1.dwconv1.norm = nn.BatchNorm2d(960)
        self.stage5.res2.ir1.conv2 = nn.Conv2d(960, 160, 1, bias=False)
        self.stage5.res2.ir1.conv2.norm = nn.BatchNorm2d(160)
        self.stage6 = nn.Module()
        self.stage6.ir1 = nn.Module()
        self.stage6.ir1.conv1 = nn.Conv2d(160, 960, 1, bias=False)
        self.stage6.ir1.conv1.norm = nn.BatchNorm2d(960)
        self.stage6.ir1.dwconv1 = nn.Conv2d(960, 960, 3, padding=1, groups=960, bias=False)
        self.stage6.ir1.dwconv1.norm = nn.BatchNorm2d(960)
        self.stage6.ir1.conv2 = nn.Conv2d(960, 320, 1, bias=False)
        self.stage6.ir1.conv2.norm = nn.BatchNorm2d(320)
        self.conv3 = nn.Conv2d(320, 1280, 1, bias=False)
        self.conv3.norm = nn.BatchNorm2d(1280)
        self.fc1 = nn.Linear(1280, 1000)

    def forward(self, x):
        # x: N×3×224×224; pixels are rgb, 0 to 255
        x = F.relu6(self.conv1.norm(self.conv1(x)))  # 32×112×112
        x = F.relu6(self.dwconv1.norm(self.dwconv1(x)))
        x = self.conv2.norm(self.conv2(x))  # 16×112×112
        x = F.relu6(self.stage1.ir1.conv1.norm(self.stage1.ir1.conv1(x)))  # 96×112×112
        x = F.relu6(self.stage1.ir1.dwconv1.norm(self.stage1.ir1.dwconv1(x)))  # 96×56×56
        x = self.stage1.ir1.conv2.norm(self.stage1.ir1.conv2(x))  # 24×56×56
        y = F.relu6(self.stage1.res1.ir1.conv1.norm(self.stage1.res1.ir1.conv1(x)))  # 144×56×56
        y = F.relu6(self.stage1.res1.ir1.dwconv1.norm(self.stage1.res1.ir1.dwconv1(y)))
        y = self.stage1.res1.ir1.conv2.norm(self.stage1.res1.ir1.conv2(y))  # 24×56×56
        x = y + x
        x = F.relu6(self.stage2.ir1.conv1.norm(self.stage2.ir1.conv1(x)))  # 144×56×56
        x = F.relu6(self.stage2.ir1.dwconv1.norm(self.stage2.ir1.dwconv1(x)))  # 144×28×28
        x = self.stage2.ir1.conv2.norm(self.stage2.ir1.conv2(x))  # 32×28×28
        y = F.relu6(self.stage2.res1.ir1.conv1.norm(self.stage2.res1.ir1.conv1(x)))  # 192×28×28
        y = F.relu6(self.stage2.res1.ir1.dwconv1.norm(self.stage2.res1.ir1.dwconv1(y)))
        y = self.stage2.res1.ir1.conv2.norm(self.stage2.res1.ir1.conv2(y))  # 32×28×28
        x = y + x
        y = F.relu6(self.stage2.res2.ir1.conv1.norm(self.stage2.res2.ir1.conv1(x)))  # 192×28×28
        y = F.relu6(self.stage2.res2.ir1.dwconv1.norm(self.stage2.res2.ir1.dwconv1(y)))
        y = self.stage2.res2.ir1.conv2.norm(self.stage2.res2.ir1.conv2(y))  # 32×28×28
        x = y + x
        x = F.relu6(self.stage3.ir1.conv1.norm(self.stage3.ir1.conv1(x)))  # 192×28×28
        x = F.relu6(self.stage3.ir1.dwconv1.norm(self.stage3.ir1.dwconv1(x)))  # 192×14×14
        x = self.stage3.ir1.conv2.norm(self.stage3.ir1.conv2(x))  # 64×14×14
        y = F.relu6(self.stage3.res1.ir1.conv1.norm(self.stage3.res1.ir1.conv1(x)))  # 384×14×14
        y = F.relu6(self.stage3.res1.ir1.dwconv1.norm(self.stage3.res1.ir1.dwconv1(y)))
        y = self.stage3.res1.ir1.conv2.norm(self.stage3.res1.ir1.conv2(y))  # 64×14×14
        x = y + x
        y = F.relu6(self.stage3.res2.ir1.conv1.norm(self.stage3.res2.ir1.conv1(x)))  # 384×14×14
        y = F.relu6(self.stage3.res2.ir1.dwconv1.norm(self.stage3.res2.ir1.dwconv1(y)))
        y = self.stage3.res2.ir1.conv2.norm(self.stage3.res2.ir1.conv2(y))  # 64×14×14
        x = y + x
        y = F.relu6(self.stage3.res3.ir1.conv1.norm(self.stage3.res3.ir1.conv1(x)))  # 384×14×14
        y = F.relu6(self.stage3.res3.ir1.dwconv1.norm(self.stage3.res3.ir1.dwconv1(y)))
        y = self.stage3.res3.ir1.conv2.norm(self.stage3.res3.ir1.conv2(y))  # 64×14×14
        x = y + x
        x = F.relu6(self.stage4.ir1.conv1.norm(self.stage4.ir1.conv1(x)))  # 384×14×14
        x = F.relu6(self.stage4.ir1.dwconv1.norm(self.stage4.ir1.dwconv1(x)))
        x = self.stage4.ir1.conv2.norm(self.stage4.ir1.conv2(x))  # 96×14×14
        y = F.relu6(self.stage4.res1.ir1.conv1.norm(self.stage4.res1.ir1.conv1(x)))  # 576×14×14
        y = F.relu6(self.stage4.res1.ir1.dwconv1.norm(self.stage4.res1.ir1.dwconv1(y)))
        y = self.stage4.res1.ir1.conv2.norm(self.stage4.res1.ir1.conv2(y))  # 96×14×14
        x = y + x
        y = F.relu6(self.stage4.res2.ir1.conv1.norm(self.stage4.res2.ir1.conv1(x)))  # 576×14×14
        y = F.relu6(self.stage4.res2.ir1.dwconv1.norm(self.stage4.res2.ir1.dwconv1(y)))
        y = self.stage4.res2.ir1.conv2.norm(self.stage4.res2.ir1.conv2(y))  # 96×14×14
        x = y + x
        x = F.relu6(self.stage5.ir1.conv1.norm(self.stage5.ir1.conv1(x)))  # 576×14×14
        x = F.relu6(self.stage5.ir1.dwconv1.norm(self.stage5.ir1.dwconv1(x)))  # 576×7×7
        x = self.stage5.ir1.conv2.norm(self.stage5.ir1.conv2(x))  # 160×7×7
        y = F.relu6(self.stage5.res1.ir1.conv1.norm(self.stage5.res1.ir1.conv1(x)))  # 960×7×7
        y = F.relu6(self.stage5.res1.ir1.dwconv1.norm(self.stage5.res1.ir1.dwconv1(y)))
        y = self.stage5.res1.ir1.conv2.norm(self.stage5.res1.ir1.conv2(y))  # 160×7×7
        x = y + x
        y = F.relu6(self.stage5.res2.ir1.conv1.norm(self.stage5.res2.ir1.conv1(x)))  # 960×7×7
        y = F.relu6(self.stage5.res2.ir1.dwconv1.norm(self.stage5.res2.ir1.dwconv1(y)))
        y = self.stage5.res2.ir1.conv2.norm(self.stage5.res2.ir1.conv2(y))  # 160×7×7
        x = y + x
        x = F.relu6(self.stage6.ir1.conv1.norm(self.stage6.ir1.conv1(x)))  # 960×7×7
        x = F.relu6(self.stage6.ir1.dwconv1.norm(self.stage6.ir1.dwconv1(x)))
        x = self.stage6.ir1.conv2.norm(self.stage6.ir1.conv2(x))  # 320×7×7
        x = F.relu6(self.conv3.norm(self.conv3(x)))  # 1280×7×7
        x = F.adaptive_avg_pool2d(x, 1).flatten(1)  # 1280
        x = F.dropout(x, 0.2, self.training)
        x = self.fc1(x)  # 1000
        return x
