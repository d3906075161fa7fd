package dev.heed.tensor;

import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Layouts and pieces, by LibTorch. */
interface LibTorchLayout extends LayoutOperators {
  @Override
  default Tensor reshape(Tensor x, long... sizes) {
    return Native.op("reshape", x, h -> h.reshape(sizes));
  }

  @Override
  default Tensor view(Tensor x, long... sizes) {
    return Native.op("view", x, h -> h.view(sizes));
  }

  @Override
  default Tensor transpose(Tensor x, int a, int b) {
    return Native.op("transpose", x, h -> h.transpose(a, b));
  }

  @Override
  default Tensor permute(Tensor x, long... dims) {
    return Native.op("permute", x, h -> h.permute(dims));
  }

  @Override
  default Tensor unsqueeze(Tensor x, int dim) {
    return Native.op("unsqueeze", x, h -> h.unsqueeze(dim));
  }

  @Override
  default Tensor squeeze(Tensor x, int dim) {
    return Native.op("squeeze", x, h -> h.squeeze(dim));
  }

  @Override
  default Tensor expand(Tensor x, long... sizes) {
    return Native.op("expand", x, h -> h.expand(sizes));
  }

  @Override
  default Tensor flatten(Tensor x, int first, int last) {
    return Native.op("flatten", x, h -> h.flatten(first, last));
  }

  @Override
  default Tensor unflatten(Tensor x, int dim, long... sizes) {
    return Native.op("unflatten", x, h -> h.unflatten(dim, sizes));
  }

  @Override
  default Tensor repeat(Tensor x, long... times) {
    return Native.op("repeat", x, h -> h.repeat(times));
  }

  @Override
  default Tensor repeatInterleave(Tensor x, long times, int dim) {
    return Native.op(
        "repeatInterleave",
        x,
        h -> h.repeat_interleave(times, new LongOptional(dim), new LongOptional()));
  }

  @Override
  default Tensor flip(Tensor x, long... dims) {
    return Native.op("flip", x, h -> h.flip(dims));
  }

  @Override
  default Tensor roll(Tensor x, long shift, int dim) {
    return Native.op("roll", x, h -> h.roll(new long[] {shift}, dim));
  }

  @Override
  default Tensor pad(Tensor x, double value, long... pairs) {
    return Native.op("pad", x, value, (h, scalar) -> torch.constant_pad_nd(h, pairs, scalar));
  }

  @Override
  default Tensor select(Tensor x, int dim, long index) {
    return Native.op("select", x, h -> h.select(dim, index));
  }

  @Override
  default Tensor narrow(Tensor x, int dim, long start, long length) {
    return Native.op("narrow", x, h -> h.narrow(dim, start, length));
  }

  @Override
  default Tensor slice(Tensor x, int dim, long from, long to, long step) {
    return Native.op(
        "slice", x, h -> h.slice(dim, new LongOptional(from), new LongOptional(to), step));
  }

  @Override
  default List<Tensor> split(Tensor x, int dim, long... sizes) {
    return Native.many("split", x, h -> h.split(sizes, dim));
  }

  @Override
  default List<Tensor> pieces(Tensor x, long length, int dim) {
    return Native.many("pieces", x, h -> h.split(length, dim));
  }

  @Override
  default List<Tensor> chunk(Tensor x, int pieces, int dim) {
    return Native.many("chunk", x, h -> h.chunk(pieces, dim));
  }

  @Override
  default Tensor unfold(Tensor x, int dim, long size, long step) {
    return Native.op("unfold", x, h -> h.unfold(dim, size, step));
  }

  @Override
  default Tensor diagonal(Tensor x, int offset, int dim1, int dim2) {
    return Native.op("diagonal", x, h -> h.diagonal(offset, dim1, dim2));
  }

  @Override
  default Tensor tril(Tensor x, int diagonal) {
    return Native.op("tril", x, h -> torch.tril(h, diagonal));
  }

  @Override
  default Tensor triu(Tensor x, int diagonal) {
    return Native.op("triu", x, h -> torch.triu(h, diagonal));
  }
}
