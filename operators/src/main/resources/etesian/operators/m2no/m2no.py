class Program(Module):
  # TorchScript. Activations have the shape (batch, channels, rows, columns) with the channels last in
  # memory: convolutions are fastest so, and folds and pointwise layers are matrix products without a
  # copy. A 1-D network works on one row. p holds the parameters by their name, and the filters.
  #
  # serving: results are overwritten in place where nobody reads them again. Not differentiable.
  __parameters__ = []
  __buffers__ = []
  dim : int
  layers : int
  sweeps : List[int]          # smoothing sweeps of each coarse level
  reference : int             # size of the last axis but one (2-D), of the last (1-D), on level 0
  rows_beyond : str           # what convolutions see: zeros, opposite, same or pole
  columns_beyond : str
  tensor_packing : bool       # folds of 2 x 2 patches; else of the memory as it lies
  true_residual : bool        # 2-D: coarse levels see f - A u; else u
  details : bool              # a high-pass branch beside the low-pass one
  norm : str                  # none, layer or channel
  activation : str            # gelu, relu or tanh
  bfloat16 : bool             # convolutions in bfloat16
  strips_above : int          # cells per channel from which borders are repaired, not padded
  serving : bool
  tracing : bool

  # ---- borders -----------------------------------------------------------------------------------

  # The line before the first and the one after the last of an axis.
  def lines_beyond(self: __torch__.Program, x: Tensor, axis: int, beyond: str) -> Tuple[Tensor, Tensor]:
    n = x.size(axis)
    first = torch.narrow(x, axis, 0, 1)
    last = torch.narrow(x, axis, n - 1, 1)
    if beyond == "opposite":
      return (last, first)
    if beyond == "pole":  # the same row on the opposite meridian
      half = x.size(3) // 2
      return (torch.roll(first, [half], [3]), torch.roll(last, [half], [3]))
    if beyond == "zeros":
      return (torch.zeros_like(first), torch.zeros_like(last))
    return (first, last)

  def extend(self: __torch__.Program, x: Tensor, axis: int, beyond: str) -> Tensor:
    before, after = self.lines_beyond(x, axis, beyond)
    return torch.cat([before, x, after], axis)

  # y[o,p] = b[o] + sum over i, d of w[o,i,d] x[i,p+d-1], with lines beyond the border
  def convolve(self: __torch__.Program, x: Tensor, layer: str, p: Dict[str, Tensor]) -> Tensor:
    b : Optional[Tensor] = None
    if layer + ".bias" in p:
      b = p[layer + ".bias"]
    return self.convolve_with(x, self.kernel(layer, p), b)

  def kernel(self: __torch__.Program, layer: str, p: Dict[str, Tensor]) -> Tensor:
    w = p[layer + ".weight"]
    return w.unsqueeze(2) if self.dim == 1 else w

  # The convolution of W_in x + b_in, without making that first: its kernel times W_in acts on the few
  # channels of x. Not with zeros beyond the border, where there would be no b_in.
  def convolve_input(self: __torch__.Program, x: Tensor, layer: str, p: Dict[str, Tensor]) -> Tensor:
    w = self.kernel(layer, p)
    w_in = p[self.names()[0] + ".weight"]
    merged = torch.matmul(w.permute(0, 2, 3, 1), w_in).permute(0, 3, 1, 2)
    b = torch.mv(w.sum([2, 3]), p[self.names()[0] + ".bias"])
    if layer + ".bias" in p:
      b = b + p[layer + ".bias"]
    return self.convolve_with(x, merged, b)

  def convolve_with(self: __torch__.Program, x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
    if self.bfloat16:  # saved programs name types by number: 15 bfloat16, 6 float32
      x = x.to(15)
      w = w.to(15)
      if b is not None:
        b = b.to(15)
    y = self.convolution(x, w, b)
    if self.bfloat16:
      y = y.to(6)
    return y

  def convolution(self: __torch__.Program, x: Tensor, w: Tensor, b: Optional[Tensor]) -> Tensor:
    if self.dim == 1:
      if self.columns_beyond == "zeros":
        return torch.conv2d(x, w, b, [1, 1], [0, 1])
      return torch.conv2d(self.extend(x, 3, self.columns_beyond), w, b)
    if self.rows_beyond == "zeros" and self.columns_beyond == "zeros":
      return torch.conv2d(x, w, b, [1, 1], [1, 1])
    n = x.size(2)
    m = x.size(3)
    if not self.serving or n * m < self.strips_above:
      padded = self.extend(self.extend(x, 2, self.rows_beyond), 3, self.columns_beyond)
      return torch.conv2d(padded, w, b)
    # A padded copy of a large grid costs more than to repair the border of a zero-padded result.
    y = torch.conv2d(x, w, b, [1, 1], [1, 1])
    above, below = self.lines_beyond(x, 2, self.rows_beyond)
    three = torch.cat([torch.cat([above, x[:, :, 0:2]], 2), torch.cat([x[:, :, n - 2:n], below], 2)], 0)
    lines = torch.conv2d(self.extend(three, 3, self.columns_beyond), w, b)
    batch = x.size(0)
    y[:, :, 0:1] = lines[0:batch]
    y[:, :, n - 1:n] = lines[batch:]
    left, right = self.lines_beyond(x, 3, self.columns_beyond)
    three = torch.cat([torch.cat([left, x[:, :, :, 0:2]], 3), torch.cat([x[:, :, :, m - 2:m], right], 3)], 0)
    lines = torch.conv2d(three, w, b)
    y[:, :, 1:n - 1, 0:1] = lines[0:batch]
    y[:, :, 1:n - 1, m - 1:m] = lines[batch:]
    return y

  # ---- levels ------------------------------------------------------------------------------------

  def channels_last(self: __torch__.Program, x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1).contiguous()

  # One level down. As the memory lies: groups of 2^dim modes numbers that follow each other, times
  # H'. Of patches: a convolution of stride 2 with H as its kernel.
  def down(self: __torch__.Program, x: Tensor, filter: Tensor) -> Tensor:
    rows = x.size(2)
    if self.dim == 2:
      rows = rows // 2
    if self.tensor_packing:
      return torch.conv2d(x, filter, None, [x.size(2) // rows, 2])
    groups = self.channels_last(x).view(-1, filter.size(1))
    low = torch.mm(groups, filter.t())
    return low.view(x.size(0), rows, x.size(3) // 2, -1).permute(0, 3, 1, 2)

  # The transpose of down: fine + up(coarse).
  def up(self: __torch__.Program, coarse: Tensor, filter: Tensor, fine: Optional[Tensor]) -> Tensor:
    rows = coarse.size(2)
    if self.dim == 2:
      rows = rows * 2
    if self.tensor_packing:
      finer = torch.conv_transpose2d(coarse, filter, None, [rows // coarse.size(2), 2])
      if fine is None:
        return finer
      if self.serving:
        return finer.add_(fine)
      return fine + finer
    groups = self.channels_last(coarse).view(-1, filter.size(0))
    if fine is None:
      product = torch.mm(groups, filter)
    else:
      onto = self.channels_last(fine).view(-1, filter.size(1))
      if self.serving:
        product = onto.addmm_(groups, filter)
      else:
        product = torch.addmm(onto, groups, filter)
    return product.view(coarse.size(0), rows, coarse.size(3) * 2, -1).permute(0, 3, 1, 2)

  # Restricts or prolongates until the reference axis has this size.
  def resize(self: __torch__.Program, x: Tensor, size: int, p: Dict[str, Tensor]) -> Tensor:
    u = x
    while u.size(4 - self.dim) > size:
      u = self.down(u, p["low"])
    while u.size(4 - self.dim) < size:
      u = self.up(u, p["low"], None)
    return u

  # Over all channels and cells of a sample, then times a weight plus a bias: one for each channel and
  # cell (layer) or one for each channel.
  def normalise(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor]) -> Tensor:
    if self.norm == "none":
      return x
    w = p[name + ".weight"]
    b = p[name + ".bias"]
    last = self.channels_last(x)
    if self.norm == "channel":  # not by group_norm, which here takes the difference of two squares
      y = torch.layer_norm(last, [last.size(1), last.size(2), last.size(3)], None, None, 1e-5)
      return torch.addcmul(b, y, w).permute(0, 3, 1, 2)
    if self.dim == 1:
      w = w.unsqueeze(1)
      b = b.unsqueeze(1)
    w = w.permute(1, 2, 0).contiguous()  # lies like this in memory already
    b = b.permute(1, 2, 0).contiguous()
    y = torch.layer_norm(last, [last.size(1), last.size(2), last.size(3)], w, b, 1e-5)
    return y.permute(0, 3, 1, 2)

  # The way up: u_{i-1} = N( u_{i-1} + up(u_i) [+ up(D_i detail_i)] ), i = L..1
  def ascend(self: __torch__.Program, u: List[Tensor], detail: List[Tensor], name: str, p: Dict[str, Tensor], seen: Dict[str, Tensor]) -> Tensor:
    fine = u.pop()
    for j in range(len(self.sweeps)):
      i = len(self.sweeps) - 1 - j
      fine = self.up(fine, p["low"], u.pop())
      if self.details:
        mixed = torch.conv2d(detail.pop(), p["{}detail_list.{}.weight".format(name, i)])
        fine = self.up(mixed, p["high"], fine)
      fine = self.normalise(fine, "{}norm_list.{}".format(name, i), p)
      if self.tracing:
        seen["{}norm_list.{}".format(name, i)] = fine
    return fine

  # ---- blocks ------------------------------------------------------------------------------------

  # f - A(u)
  def residual(self: __torch__.Program, f: Tensor, a: str, u: Tensor, p: Dict[str, Tensor]) -> Tensor:
    au = self.convolve(u, a, p)
    if self.serving:
      return torch.sub(f, au, alpha=1, out=au)
    return f - au

  def added(self: __torch__.Program, u: Tensor, correction: Tensor) -> Tensor:
    if self.serving:
      return correction.add_(u)
    return u + correction

  # u = S_1(v);  u = u + S_j( v - A(u) ), j = 2..sweeps;  0 without a sweep
  def smooth(self: __torch__.Program, v: Tensor, sweeps: int, level: str, a: str, p: Dict[str, Tensor]) -> Tensor:
    if sweeps == 0:
      return torch.zeros_like(v)
    u = self.convolve(v, level + ".smoothers.0", p)
    for j in range(1, sweeps):
      r = self.residual(v, a, u, p)
      u = self.added(u, self.convolve(r, "{}.smoothers.{}".format(level, j), p))
    return u

  # u_0 = S_pre(f), moved to the reference size;  u_i = smooth_i( down(v_{i-1}) ) with v = u, or the
  # true residual v = f - A(u);  the way up;  u + S_post( f - A(u) ) at the size of f. Residuals that
  # the published program computes and never reads are left out.
  # x: the input of the network where f = W_in x + b_in and convolve_input may be used
  def block2d(self: __torch__.Program, f: Tensor, x: Optional[Tensor], name: str, p: Dict[str, Tensor], seen: Dict[str, Tensor]) -> Tensor:
    a = name + "A"
    pre = name + "pre_S.smoothers.0"
    finest = self.convolve(f, pre, p) if x is None else self.convolve_input(x, pre, p)
    if self.tracing:
      seen[name + "pre_S"] = finest
    u = [self.resize(finest, self.reference, p)]
    right = self.resize(f, self.reference, p) if self.true_residual else f
    detail: List[Tensor] = []
    for i in range(len(self.sweeps)):
      v = u[-1]
      if self.true_residual:
        v = self.residual(right, a, v, p)
      if self.details:
        detail.append(self.down(v, p["high"]))
      right = self.down(v, p["low"])
      level = "{}grid_list.{}".format(name, i)
      u.append(self.smooth(right, self.sweeps[i], level, a, p))
      if self.tracing:
        seen[level] = u[-1]
    corrected = self.resize(self.ascend(u, detail, name, p, seen), f.size(2), p)
    r = self.residual(f, a, corrected, p)
    return self.added(corrected, self.convolve(r, name + "post_S.smoothers.0", p))

  # Every smoother owns a pair (S_j, A_j) and gives the residual before its last update:
  #   smooth(f, u): for each j  r = f - A_j(u);  u = u + S_j(r)
  #   (r, u) = smooth_pre(f, 0) at the reference size;  (r, u) = smooth_i( down(r), down(u) );  the way
  #   up;  the u of smooth_post(f, u) at the size of f. A_pre acts on zeros: only its bias remains.
  def block1d(self: __torch__.Program, f: Tensor, name: str, p: Dict[str, Tensor], seen: Dict[str, Tensor]) -> Tensor:
    r = f
    if name + "pre_S.A.0.bias" in p:
      r = f - p[name + "pre_S.A.0.bias"].view(-1, 1, 1)
    finest = self.convolve(r, name + "pre_S.S.0", p)
    if self.tracing:
      seen[name + "pre_S"] = finest
    r = self.resize(r, self.reference, p)
    u = [self.resize(finest, self.reference, p)]
    detail: List[Tensor] = []
    for i in range(len(self.sweeps)):
      if self.details:
        detail.append(self.down(u[-1], p["high"]))
      right = self.down(r, p["low"])
      v = self.down(u[-1], p["low"])
      level = "{}grid_list.{}".format(name, i)
      for j in range(self.sweeps[i]):
        r = self.residual(right, "{}.A.{}".format(level, j), v, p)
        v = self.added(v, self.convolve(r, "{}.S.{}".format(level, j), p))
      u.append(v)
      if self.tracing:
        seen[level] = v
    corrected = self.resize(self.ascend(u, detail, name, p, seen), f.size(3), p)
    r = self.residual(f, name + "post_S.A.0", corrected, p)
    return self.added(corrected, self.convolve(r, name + "post_S.S.0", p))

  # ---- network -----------------------------------------------------------------------------------

  def names(self: __torch__.Program) -> List[str]:
    return ["L_in", "L_hidden", "L_out"] if self.dim == 1 else ["input_proj", "hidden_proj", "output_proj"]

  def pointwise(self: __torch__.Program, x: Tensor, layer: str, p: Dict[str, Tensor]) -> Tensor:
    return torch.linear(x, p[layer + ".weight"], p[layer + ".bias"])

  def act(self: __torch__.Program, x: Tensor) -> Tensor:
    if self.activation == "gelu":
      return torch.gelu_(x) if self.serving else torch.gelu(x)
    if self.activation == "relu":
      return torch.relu_(x) if self.serving else torch.relu(x)
    return torch.tanh_(x) if self.serving else torch.tanh(x)

  # u = W_in x + b_in;  u = block(u), act(u) between blocks;  y = W_out act(W_h u + b_h) + b_out
  def network(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], seen: Dict[str, Tensor]) -> Tensor:
    names = self.names()
    last = self.channels_last(x)
    u = self.pointwise(last, names[0], p).permute(0, 3, 1, 2)
    zeros = self.rows_beyond == "zeros" or self.columns_beyond == "zeros"
    direct : Optional[Tensor] = None
    if self.serving and not zeros:
      direct = last.permute(0, 3, 1, 2)
    for b in range(self.layers):
      if self.dim == 1:
        name = "conv_list.{}".format(b)
        u = self.block1d(u, name + ".", p, seen)
      else:
        name = "blocks.{}".format(b)
        u = self.block2d(u, direct if b == 0 else None, name + ".", p, seen)
      if self.tracing:
        seen[name] = u
      if b < self.layers - 1:
        u = self.act(u)
    hidden = self.act(self.pointwise(self.channels_last(u), names[1], p))
    return self.pointwise(hidden, names[2], p).permute(0, 3, 1, 2).contiguous()

  # x has the shape (batch, input channels, rows, columns), the result (batch, output channels, ...)
  def forward(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    seen: Dict[str, Tensor] = {}
    return self.network(x, p, seen)

  # What the named parts give, and the result as "output".
  def trace(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Dict[str, Tensor]:
    seen: Dict[str, Tensor] = {}
    seen["output"] = self.network(x, p, seen)
    return seen

  # ---- single parts, to look at them alone -------------------------------------------------------

  def restricted(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return self.down(x, p["low"])

  def prolongated(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return self.up(x, p["low"], None)

  def convolved(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return self.convolve(x, "layer", p)

  def normalised(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor]) -> Tensor:
    return self.normalise(x, "layer", p)
