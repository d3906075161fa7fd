package dev.heed.tensor;

import java.util.List;

/** How an {@link Engine} lays elements out anew and cuts pieces out of them. */
interface LayoutOperators {
  Tensor reshape(Tensor x, long... sizes);

  Tensor view(Tensor x, long... sizes);

  Tensor transpose(Tensor x, int a, int b);

  Tensor permute(Tensor x, long... dims);

  Tensor unsqueeze(Tensor x, int dim);

  Tensor squeeze(Tensor x, int dim);

  Tensor expand(Tensor x, long... sizes);

  Tensor flatten(Tensor x, int first, int last);

  Tensor unflatten(Tensor x, int dim, long... sizes);

  Tensor repeat(Tensor x, long... times);

  Tensor repeatInterleave(Tensor x, long times, int dim);

  Tensor flip(Tensor x, long... dims);

  Tensor roll(Tensor x, long shift, int dim);

  Tensor pad(Tensor x, double value, long... pairs);

  Tensor select(Tensor x, int dim, long index);

  Tensor narrow(Tensor x, int dim, long start, long length);

  Tensor slice(Tensor x, int dim, long from, long to, long step);

  List<Tensor> split(Tensor x, int dim, long... sizes);

  List<Tensor> pieces(Tensor x, long length, int dim);

  List<Tensor> chunk(Tensor x, int pieces, int dim);

  Tensor unfold(Tensor x, int dim, long size, long step);

  Tensor diagonal(Tensor x, int offset, int dim1, int dim2);

  Tensor tril(Tensor x, int diagonal);

  Tensor triu(Tensor x, int diagonal);
}
