"""A problem file as lecturers write it, for the tests of this folder."""

SAMPLE = r"""
id = "cnn-pipeline"
title = "Exercise: CNN"
topic = "cnn"
level = "medium"
source = "Lecture 4"
setting = '''
A grayscale image $\mathbf{A}$ passes through a convolutional layer with filter $\mathbf{F}$, {padding} pixel of zero
padding on each side and stride {stride}, then a 2×2 max-pooling layer with stride 2.'''
require = ["max(Y) > 0", "min(Y) < 0"]

[given]
stride = 2
padding = 1

[given.A]
label = "Input image"
value = [[4, 0, 1], [4, 0, 2], [0, 2, 2]]
draw = { integers = [0, 4] }

[given.F]
label = "Filter"
value = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
draw = { choice = ["sobel_x", "sobel_y", "prewitt_x", "prewitt_y"] }

[where]
P = "max_pool2d(Y, size=2, stride=2)"
Y = "conv2d(A, F, stride=stride, padding=padding)"

[symbol]
Y = '\mathbf{Y}'

[[part]]
find = "Y"
marks = 6

[[part]]
find = "P"
ask = 'Find the output of the pooling layer with window {stride}.'
"""
