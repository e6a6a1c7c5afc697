class Program(Module):
  # TorchScript. Fields have the shape (batch, sizes of the axes..., channels): pointwise layers are one
  # matrix product, and so is a transform along an axis, because few of its frequencies are kept:
  # no fast transform, no frequency that nobody reads. Complex numbers are real ones with an axis of two.
  #
  # p holds the parameters by their published names, c the constants: "0.to1" is the matrix that leads
  # along axis 1 to the spectrum of plan 0, "0.from1" leads back, "resize0.1" resizes axis 1.
  #
  # serving: results are overwritten where nobody reads them again. Not differentiable.
  __parameters__ = []
  __buffers__ = []
  axes : int
  layers : int
  nested : bool            # layer l is fno_blocks.l.*.0 and has no nonlinearity behind it; else *.l
  sphere : bool            # spherical harmonics instead of the last two Fourier axes
  kernel : str             # dense, separable, tucker, cp or tt
  order : List[int]        # axes of the spectrum, in the order in which a Tucker core grows
  spectral_skip : str      # linear, local, gate, identity or none
  mlp_skip : str
  mlp : bool
  preactivation : bool
  stabiliser : bool
  groups : int             # of the norm; 0 without norm, -1 every channel by itself
  adaptive : bool          # scale and shift behind it follow from c["embedding"]
  batch_norm : bool        # over all samples, of this batch if there is a c["by_batch"], else as they ran
  coordinates : bool
  padding : List[int]      # cells on both sides of each axis
  unpadding : List[int]    # the same behind the last layer
  crops : List[int]        # stored modes in use, from and to, for each layer and stored axis
  plans : List[int]        # for each layer, its transforms
  resizes : List[int]      # for each layer, how skips go to its grid; -1 as they are
  across : List[int]       # for each layer, the earlier one whose output it sees too, or -1
  across_resizes : List[int]
  by_spectrum : bool       # resized by plan, else by a matrix for each axis
  complex_data : bool      # values are complex: of a batch first all real parts, then all imaginary ones
  residual : bool
  serving : bool
  chunk : int              # serving: points that go through the pointwise layers together

  # ---- transforms --------------------------------------------------------------------------------

  # m t[i] for every i; m (rows, n), t (any, n, columns)
  def times(self: __torch__.Program, m: Tensor, t: Tensor) -> Tensor:
    if t.size(0) == 1:
      return torch.mm(m, torch.select(t, 0, 0)).unsqueeze(0)
    return torch.bmm(m.unsqueeze(0).expand([t.size(0), m.size(0), m.size(1)]), t)

  # x (batch, axes..., channels) to (modes, 2, samples, channels). On the sphere modes are degrees, and
  # orders are samples.
  def analysed(self: __torch__.Program, x: Tensor, plan: int, c: Dict[str, Tensor]) -> Tensor:
    n = self.axes
    batch = x.size(0)
    channels = x.size(n + 1)
    t = self.times(c["{}.to{}".format(plan, n - 1)], x.reshape([-1, x.size(n), channels]))
    if self.sphere:
      legendre = c["{}.to0".format(plan)]  # (orders, degrees, rows)
      orders = legendre.size(0)
      rows = x.size(1)
      t = t.view([batch, rows, 2, orders, channels]).permute([3, 1, 2, 0, 4])
      a = torch.bmm(legendre, t.reshape([orders, rows, -1]))
      a = a.view([orders, -1, 2, batch, channels]).permute([1, 2, 0, 3, 4])
      return a.reshape([a.size(0), 2, orders * batch, channels])
    before = batch
    for axis in range(n - 1):
      before = before * x.size(axis + 1)
    t = self.onto_modes(t, before, n - 1, plan, c)
    return t.reshape([batch, 2, -1, channels]).permute([2, 1, 0, 3])

  # The transforms of the first axes, from the last of them to the first: t holds complex numbers, (before
  # and these axes, 2, rest).
  def onto_modes(self: __torch__.Program, t: Tensor, before: int, axes: int, plan: int, c: Dict[str, Tensor]) -> Tensor:
    for j in range(axes):
      axis = axes - 1 - j
      m = c["{}.to{}".format(plan, axis)]
      before = before // m.size(1)
      q = self.times(m, t.reshape([before, m.size(1), -1])).view([before, 2, m.size(0) // 2, 2, -1])
      t = self.combined(q)
    return t

  # Real and imaginary part of a product, from the products of the parts: q (any, 2, k, 2, rest).
  def combined(self: __torch__.Program, q: Tensor) -> Tensor:
    first = torch.select(q, 1, 0)
    second = torch.select(q, 1, 1)
    re = torch.select(first, 2, 0) - torch.select(second, 2, 1)
    im = torch.select(first, 2, 1) + torch.select(second, 2, 0)
    return torch.stack([re, im], 1)

  # y (modes, 2, samples, channels) to (batch and all axes but the last, 2 orders, channels): what is
  # left is the way along the last axis. Its first row is what does not vary there.
  def halfway(self: __torch__.Program, y: Tensor, batch: int, plan: int, c: Dict[str, Tensor]) -> Tensor:
    n = self.axes
    channels = y.size(3)
    if self.sphere:
      legendre = c["{}.from0".format(plan)]  # (orders, rows, degrees)
      orders = legendre.size(0)
      rows = legendre.size(1)
      a = y.view([y.size(0), 2, orders, batch, channels]).permute([2, 0, 1, 3, 4])
      t = torch.bmm(legendre, a.reshape([orders, a.size(1), -1]))
      t = t.view([orders, rows, 2, batch, channels]).permute([3, 1, 2, 0, 4])
      return t.reshape([batch * rows, 2 * orders, channels])
    t = self.from_modes(y, batch, n - 1, plan, c)
    last = c["{}.from{}".format(plan, n - 1)]
    return t.reshape([-1, last.size(1), channels])

  # The way back along the first axes: y (modes, 2, samples, channels) to (samples and these axes, 2, rest).
  def from_modes(self: __torch__.Program, y: Tensor, batch: int, axes: int, plan: int, c: Dict[str, Tensor]) -> Tensor:
    t = y.permute([2, 1, 0, 3])
    before = batch
    for axis in range(axes):
      m = c["{}.from{}".format(plan, axis)]  # (size, 2 modes)
      t = t.reshape([before, 2, m.size(1) // 2, -1])
      re = torch.select(t, 1, 0)
      im = torch.select(t, 1, 1)
      upper = torch.stack([re, im], 2)
      lower = torch.stack([torch.neg(im), re], 2)
      both = torch.cat([upper, lower], 1)
      t = self.times(m, both.reshape([before, m.size(1), -1]))
      before = before * m.size(0)
    return t

  # The end of the way: (batch, axes..., channels).
  def onto_grid(self: __torch__.Program, t: Tensor, batch: int, plan: int, c: Dict[str, Tensor]) -> Tensor:
    n = self.axes
    last = c["{}.from{}".format(plan, n - 1)]
    shape = [batch]
    for axis in range(n - 1):
      from_axis = c["{}.from{}".format(plan, axis)]
      shape.append(from_axis.size(1) if self.sphere else from_axis.size(0))
    shape.append(last.size(0))
    shape.append(t.size(2))
    return self.times(last, t).view(shape)

  # ---- weights -----------------------------------------------------------------------------------

  # w, of which axis holds the stored modes of one axis: those that the layer uses.
  def cropped(self: __torch__.Program, w: Tensor, axis: int, layer: int, mode_axis: int) -> Tensor:
    stored = len(self.crops) // (2 * self.layers)
    at = 2 * (layer * stored + mode_axis)
    start = self.crops[at]
    end = self.crops[at + 1]
    if end - start == w.size(axis):
      return w
    return torch.narrow(w, axis, start, end - start)

  # A product of complex matrices: z (n, 2, samples, in), w (n, in, 2, out); n may be 1 for both.
  def mix(self: __torch__.Program, z: Tensor, w: Tensor) -> Tensor:
    n = z.size(0)
    samples = z.size(2)
    q = torch.bmm(z.reshape([n, 2 * samples, z.size(3)]), w.reshape([n, w.size(1), -1]))
    return self.combined(q.view([n, 2, samples, 2, -1]))

  # The same matrix u (in, out), complex, for every mode.
  def mix_all(self: __torch__.Program, z: Tensor, u: Tensor) -> Tensor:
    n = z.size(0)
    samples = z.size(2)
    one = z.permute([1, 0, 2, 3]).reshape([1, 2, n * samples, z.size(3)])
    mixed = self.mix(one, self.planes(u.unsqueeze(0)))
    return mixed.view([2, n, samples, -1]).permute([1, 0, 2, 3])

  # (n, in, out), complex, as (n, in, 2, out). Not by view_as_real, whose way back fails for an axis of
  # one: it takes strides as they come.
  def planes(self: __torch__.Program, w: Tensor) -> Tensor:
    return torch.stack([torch.real(w), torch.imag(w)], 2)

  def complex(self: __torch__.Program, w: Tensor) -> Tensor:
    return torch.view_as_complex(w.contiguous())

  # Y = X W for each mode; z as analysed gives it.
  def mixed(self: __torch__.Program, z: Tensor, name: str, layer: int, p: Dict[str, Tensor]) -> Tensor:
    axes = len(self.crops) // (2 * self.layers)
    if self.kernel == "dense":
      w = p[name + ".tensor"]
      order: List[int] = []
      for axis in range(axes):
        w = self.cropped(w, 2 + axis, layer, axis)
        order.append(2 + axis)
      order.append(0)
      order.append(2 + axes)
      order.append(1)
      return self.mix(z, w.permute(order).reshape([z.size(0), z.size(3), 2, -1]))
    if self.kernel == "separable":
      return self.scaled(z, self.separable_weight(name, layer, axes, p))
    return self.mixed_by_factors(z, name, layer, axes, p)

  # One number for each mode and channel: (modes, 2, 1, channels).
  def separable_weight(self: __torch__.Program, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    if name + ".tensor" in p:
      w = p[name + ".tensor"]
      order: List[int] = []
      for axis in range(axes):
        w = self.cropped(w, 1 + axis, layer, axis)
        order.append(1 + axis)
      order.append(1 + axes)
      order.append(0)
      w = w.permute(order)
      return w.reshape([-1, 2, 1, w.size(axes + 1)])
    left = p[name + ".factors.factor_0"]
    if name + ".core" in p:
      core = self.tucker_core(name, layer, axes, p)
      left = self.complex(left)
    elif name + ".weights" in p:
      core = self.diagonal(name, layer, axes, p)
      left = self.complex(left)
    else:
      core = self.train(name, layer, axes, p).t()
      left = self.complex(torch.select(left, 0, 0))
    return self.planes(torch.matmul(core, left.t()).unsqueeze(1)).permute([0, 2, 1, 3])

  # z w, element by element; w (modes, 2, 1, channels)
  def scaled(self: __torch__.Program, z: Tensor, w: Tensor) -> Tensor:
    re = torch.select(z, 1, 0)
    im = torch.select(z, 1, 1)
    wr = torch.select(w, 1, 0)
    wi = torch.select(w, 1, 1)
    return torch.stack([re * wr - im * wi, re * wi + im * wr], 1)

  # W = left core right for every mode: left (in, a) and right (b, out) are the same for all. CP has a
  # diagonal core, of which the diagonal is kept; TT has no right. Few samples go through the three
  # matrices one after the other; for many it is cheaper to multiply these first.
  def mixed_by_factors(self: __torch__.Program, z: Tensor, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    samples = z.size(2)
    left = p[name + ".factors.factor_0"]
    right = p[name + ".factors.factor_1"]
    if self.kernel == "tt":
      left = self.complex(torch.select(left, 0, 0))
      core = self.train_core(name, layer, axes, p)
      inputs = left.size(0)
      a = left.size(1)
      outputs = core.size(2)
      if samples * (inputs * a + a * outputs) <= inputs * a * outputs + samples * inputs * outputs:
        return self.mix(self.mix_all(z, left), self.planes(core))
      return self.mix(z, self.planes(torch.matmul(left, core)))
    left = self.complex(left)
    right = self.complex(right).t()
    inputs = left.size(0)
    outputs = right.size(1)
    a = left.size(1)
    b = right.size(0)
    if self.kernel == "cp":
      core = self.diagonal(name, layer, axes, p)
      if samples * (inputs * a + a + a * outputs) <= inputs * a * (outputs + 1) + samples * inputs * outputs:
        inner = self.scaled(self.mix_all(z, left), self.planes(core.unsqueeze(1)).permute([0, 2, 1, 3]))
        return self.mix_all(inner, right)
      return self.mix(z, self.planes(torch.matmul(left * core.unsqueeze(1), right)))
    core = self.tucker_core(name, layer, axes, p)
    if samples * (inputs * a + a * b + b * outputs) <= a * b * outputs + inputs * a * outputs + samples * inputs * outputs:
      return self.mix_all(self.mix(self.mix_all(z, left), self.planes(core)), right)
    return self.mix(z, self.planes(torch.matmul(left, torch.matmul(core, right))))

  # The number of the factor of an axis: before the axes come the channels.
  def factor(self: __torch__.Program, axis: int) -> int:
    return axis + (1 if self.kernel == "separable" else 2)

  # (modes, a, b) from G (a, b, ranks...) and the factors of the axes; (modes, a) if separable
  def tucker_core(self: __torch__.Program, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    g = self.complex(p[name + ".core"])
    for axis in self.order:
      at = self.factor(axis)
      u = p["{}.factors.factor_{}".format(name, at)]
      u = self.complex(self.cropped(u, 0, layer, axis))
      g = torch.matmul(g.transpose(at, -1), u.t()).transpose(at, -1)
    if self.kernel == "separable":
      return g.reshape([g.size(0), -1]).t()
    return g.reshape([g.size(0), g.size(1), -1]).permute([2, 0, 1])

  # (modes, a): the product of the weights and of the factors of the axes
  def diagonal(self: __torch__.Program, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    h = self.complex(p[name + ".weights"]).unsqueeze(0)
    for axis in range(axes):
      u = p["{}.factors.factor_{}".format(name, self.factor(axis))]
      u = self.complex(self.cropped(u, 0, layer, axis))
      h = (h.unsqueeze(1) * u.unsqueeze(0)).reshape([-1, u.size(1)])
    return h

  # (modes, a, out) from the cores of a tensor train but the first
  def train_core(self: __torch__.Program, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    out = self.complex(p[name + ".factors.factor_1"])
    return torch.matmul(out, self.train(name, layer, axes, p)).permute([2, 0, 1])

  # (a, modes) from the cores of the axes alone
  def train(self: __torch__.Program, name: str, layer: int, axes: int, p: Dict[str, Tensor]) -> Tensor:
    t = torch.ones([0])
    for j in range(axes):
      axis = axes - 1 - j
      u = p["{}.factors.factor_{}".format(name, self.factor(axis))]
      u = self.complex(self.cropped(u, 1, layer, axis))
      if j == 0:
        t = torch.select(u, 2, 0)
      else:
        t = torch.matmul(u, t).reshape([u.size(0), -1])
    return t

  # ---- layers ------------------------------------------------------------------------------------

  def name(self: __torch__.Program, kind: str, layer: int) -> str:
    if self.nested:
      return "fno_blocks.{}.{}.0".format(layer, kind)
    return "fno_blocks.{}.{}".format(kind, layer)

  def pointwise(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor]) -> Tensor:
    w = p[name + ".weight"]
    b : Optional[Tensor] = None
    if name + ".bias" in p:
      b = p[name + ".bias"]
    return torch.linear(x, w.view([w.size(0), w.size(1)]), b)

  def act(self: __torch__.Program, x: Tensor) -> Tensor:
    return torch.gelu_(x) if self.serving else torch.gelu(x)

  # (f + i g)(a + i b) = f(a) - g(b) + i (f(b) + g(a)) from f and g of the parts; as published also where f
  # and g are not linear.
  def joined(self: __torch__.Program, f: Tensor, g: Tensor) -> Tensor:
    batch = f.size(0) // 2
    re = torch.narrow(f, 0, 0, batch) - torch.narrow(g, 0, batch, batch)
    im = torch.narrow(f, 0, batch, batch) + torch.narrow(g, 0, 0, batch)
    return torch.cat([re, im], 0)

  # W_2 gelu(W_1 x + b_1) + b_2 at every point
  def perceptron(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor]) -> Tensor:
    if self.complex_data:
      return self.joined(self.real_perceptron(x, name + ".fr", p), self.real_perceptron(x, name + ".fi", p))
    return self.real_perceptron(x, name, p)

  def real_perceptron(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor]) -> Tensor:
    return self.pointwise(self.act(self.pointwise(x, name + ".fcs.0", p)), name + ".fcs.1", p)

  # The same for many points with many hidden channels, a piece at a time: what is in between stays in
  # the cache.
  def wide_perceptron(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor]) -> Tensor:
    points = x.numel() // x.size(-1)
    if self.complex_data or not self.serving or points < 2 * self.chunk:
      return self.perceptron(x, name, p)
    flat = x.reshape([points, -1])
    shape = x.size()
    shape[-1] = p[name + ".fcs.1.weight"].size(0)
    y = torch.empty(shape, dtype=x.dtype, device=x.device)
    out = y.view([points, -1])
    at = 0
    while at < points:
      size = min(self.chunk, points - at)
      piece = self.perceptron(torch.narrow(flat, 0, at, size), name, p)
      _ = torch.copy_(torch.narrow(out, 0, at, size), piece)
      at = at + size
    return y

  def skip(self: __torch__.Program, x: Tensor, kind: str, name: str, p: Dict[str, Tensor]) -> Tensor:
    if self.complex_data:
      return self.joined(self.real_skip(x, kind, name + ".fr", p), self.real_skip(x, kind, name + ".fi", p))
    return self.real_skip(x, kind, name, p)

  def real_skip(self: __torch__.Program, x: Tensor, kind: str, name: str, p: Dict[str, Tensor]) -> Tensor:
    if kind == "linear":
      return self.pointwise(x, name + ".conv", p)
    if kind == "gate":
      return x * p[name + ".weight"].view([-1])
    if kind == "local":
      w = p[name + ".weight"]
      first = torch.movedim(x, -1, 1)
      half = [w.size(2) // 2]
      if self.axes == 1:
        return torch.movedim(torch.conv1d(first, w, None, [1], half), 1, -1)
      half.append(w.size(3) // 2)
      if self.axes == 2:
        return torch.movedim(torch.conv2d(first, w, None, [1, 1], half), 1, -1)
      half.append(w.size(4) // 2)
      return torch.movedim(torch.conv3d(first, w, None, [1, 1, 1], half), 1, -1)
    return x

  def resized(self: __torch__.Program, x: Tensor, how: int, c: Dict[str, Tensor]) -> Tensor:
    if how < 0:
      return x
    batch = x.size(0)
    if self.by_spectrum:
      t = self.halfway(self.analysed(x, how, c), batch, how, c)
      return self.onto_grid(t, batch, how, c)
    y = x
    before = batch
    for axis in range(self.axes):
      m = c["resize{}.{}".format(how, axis)]
      shape = y.size()
      shape[axis + 1] = m.size(0)
      y = self.times(m, y.reshape([before, m.size(1), -1])).view(shape)
      before = before * m.size(0)
    return y

  # Over all points of a sample, for groups of channels; or over all points of all samples.
  def normalised(self: __torch__.Program, x: Tensor, layer: int, second: bool, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    if self.groups == 0:
      return x
    index = 0 if self.nested else 2 * layer
    if second:
      index = index + 1
    name = "fno_blocks.norm.{}".format(index)
    if self.nested:
      name = "fno_blocks.{}.norm.{}".format(layer, index)
    if self.complex_data:
      return self.joined(self.real_normalised(x, name + ".fr", p, c), self.real_normalised(x, name + ".fi", p, c))
    return self.real_normalised(x, name, p, c)

  def real_normalised(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    channels = x.size(-1)
    if self.batch_norm:
      return self.over_batch(x, name + ".norm", p, c)
    first = torch.movedim(x, -1, 1).contiguous()  # else variances by differences of squares
    if self.adaptive:
      h = torch.gelu(torch.linear(c["embedding"], p[name + ".mlp.0.weight"], p[name + ".mlp.0.bias"]))
      h = torch.linear(h, p[name + ".mlp.2.weight"], p[name + ".mlp.2.bias"])
      scale = torch.narrow(h, 0, 0, channels)
      shift = torch.narrow(h, 0, channels, channels)
      return torch.movedim(torch.group_norm(first, channels, scale, shift, 1e-5), 1, -1)
    if self.groups < 0:
      return torch.movedim(torch.group_norm(first, channels), 1, -1)
    y = torch.group_norm(first, self.groups, p[name + ".weight"], p[name + ".bias"], 1e-5)
    return torch.movedim(y, 1, -1)

  # Momentum 0.1; running statistics are written where they lie.
  def over_batch(self: __torch__.Program, x: Tensor, name: str, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    flat = x.reshape([-1, x.size(-1)])
    by_batch = "by_batch" in c
    if by_batch:
      _ = torch.add_(p[name + ".num_batches_tracked"], 1.)
      flat = flat.t().contiguous().unsqueeze(0)  # sums in double precision
    w = p[name + ".weight"]
    b = p[name + ".bias"]
    y = torch.batch_norm(flat, w, b, p[name + ".running_mean"], p[name + ".running_var"], by_batch, 0.1, 1e-5, False)
    if by_batch:
      y = torch.select(y, 0, 0).t()
    return y.reshape(x.size())

  # K(x), half of the way back: the values along the last axis are still coefficients. A constant is one
  # coefficient, so that is where the bias goes.
  def convolved(self: __torch__.Program, x: Tensor, layer: int, name: str, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    plan = self.plans[layer]
    y = self.mixed(self.analysed(x, plan, c), name + ".weight", layer, p)
    t = self.halfway(y, x.size(0), plan, c)
    bias = p[name + ".bias"].view([1, -1])
    return t + torch.constant_pad_nd(bias, [0, 0, 0, t.size(1) - 1])

  # K(x) of complex x: every axis has frequencies of both signs. The bias is real.
  def complex_spectral(self: __torch__.Program, x: Tensor, layer: int, name: str, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    n = self.axes
    plan = self.plans[layer]
    batch = x.size(0) // 2
    channels = x.size(n + 1)
    t = torch.movedim(x.reshape([2, batch, -1, channels]), 0, 2)
    t = self.onto_modes(t, batch * t.size(1), n, plan, c)
    z = t.reshape([batch, 2, -1, channels]).permute([2, 1, 0, 3])
    y = self.mixed(z, name + ".weight", layer, p)
    channels = y.size(3)
    bias = p[name + ".bias"].view([1, 1, 1, -1])
    t = self.from_modes(y, batch, n, plan, c).reshape([batch, -1, 2, channels])
    t = torch.movedim(t + torch.constant_pad_nd(bias, [0, 0, 0, 1]), 2, 0)
    shape = [2 * batch]
    for axis in range(n):
      shape.append(c["{}.from{}".format(plan, axis)].size(0))
    shape.append(channels)
    return t.reshape(shape)

  def spectral(self: __torch__.Program, x: Tensor, layer: int, name: str, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    if self.complex_data:
      return self.complex_spectral(x, layer, name, p, c)
    return self.onto_grid(self.convolved(x, layer, name, p, c), x.size(0), self.plans[layer], c)

  # s = A x, t = gate x, both on the grid of the result; z = K x + s; act; MLP(z) + t; act. As published,
  # the second norm and the second nonlinearity stay where there is no MLP.
  def block(self: __torch__.Program, x: Tensor, layer: int, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    acts = not self.nested and layer < self.layers - 1
    if self.preactivation:
      x = self.normalised(torch.gelu(x), layer, False, p, c)
    how = self.resizes[layer]
    plain = self.groups == 0 and not self.stabiliser and how < 0 and self.spectral_skip != "local"
    if self.serving and plain and not self.preactivation and not self.complex_data:
      return self.fused(x, layer, acts, p, c)
    name = self.name("convs", layer)
    k = torch.tanh(x) if self.stabiliser else x
    z = self.spectral(k, layer, name, p, c)
    if not self.preactivation:
      z = self.normalised(z, layer, False, p, c)
    if self.spectral_skip != "none":
      s = self.skip(x, self.spectral_skip, self.name("fno_skips", layer), p)
      z = z + self.resized(s, how, c)
    if acts:
      z = torch.gelu(z)
    if self.preactivation:
      z = self.normalised(z, layer, True, p, c)
    if self.mlp:
      z = self.perceptron(z, self.name("channel_mlp", layer), p)
      if self.mlp_skip != "none":
        t = self.skip(x, self.mlp_skip, self.name("channel_mlp_skips", layer), p)
        z = z + self.resized(t, how, c)
    if self.preactivation:
      return z
    z = self.normalised(z, layer, True, p, c)
    if acts:
      z = torch.gelu(z)
    return z

  # The block where nothing looks at more than a point, once K x is on its way: from the coefficients
  # along the last axis to the result, some lines at a time.
  def fused(self: __torch__.Program, x: Tensor, layer: int, acts: bool, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    t = self.convolved(x, layer, self.name("convs", layer), p, c)
    last = c["{}.from{}".format(self.plans[layer], self.axes - 1)]
    lines = t.size(0)
    length = last.size(0)
    channels = t.size(2)
    given = x.reshape([lines, length, -1])
    shape = x.size()
    shape[-1] = channels
    y = torch.empty(shape, dtype=x.dtype, device=x.device)
    out = y.view([lines, length, channels])
    some = max(1, self.chunk // length)
    at = 0
    while at < lines:
      size = min(some, lines - at)
      from_x = torch.narrow(given, 0, at, size)
      z = self.times(last, torch.narrow(t, 0, at, size))
      if self.spectral_skip == "linear":
        w = p[self.name("fno_skips", layer) + ".conv.weight"]
        w = w.view([w.size(0), w.size(1)]).t()
        _ = torch.addmm_(z.view([-1, channels]), from_x.reshape([size * length, -1]), w)
      elif self.spectral_skip != "none":
        z = z + self.skip(from_x, self.spectral_skip, self.name("fno_skips", layer), p)
      if acts:
        z = torch.gelu_(z)
      if self.mlp:
        z = self.perceptron(z, self.name("channel_mlp", layer), p)
        if self.mlp_skip == "gate":
          gate = p[self.name("channel_mlp_skips", layer) + ".weight"].view([-1])
          z = torch.addcmul_(z, from_x, gate)
        elif self.mlp_skip != "none":
          z = torch.add_(z, self.skip(from_x, self.mlp_skip, self.name("channel_mlp_skips", layer), p))
      if acts:
        z = torch.gelu_(z)
      _ = torch.copy_(torch.narrow(out, 0, at, size), z)
      at = at + size
    return y

  # ---- network -----------------------------------------------------------------------------------

  def padded(self: __torch__.Program, x: Tensor) -> Tensor:
    pads = [0, 0]
    for j in range(self.axes):
      cells = self.padding[self.axes - 1 - j]
      pads.append(cells)
      pads.append(cells)
    return torch.constant_pad_nd(x, pads)

  def unpadded(self: __torch__.Program, x: Tensor) -> Tensor:
    y = x
    for axis in range(self.axes):
      cells = self.unpadding[axis]
      if cells > 0:
        y = torch.narrow(y, axis + 1, cells, y.size(axis + 1) - 2 * cells)
    return y

  # Channels in turn real and imaginary: (batch, 2 channels, any...) to (2 batch, channels, any...).
  def parted(self: __torch__.Program, x: Tensor) -> Tensor:
    shape = x.size()
    y = torch.movedim(x.reshape([shape[0], shape[1] // 2, 2, -1]), 2, 0)
    shape[0] = 2 * shape[0]
    shape[1] = shape[1] // 2
    return y.reshape(shape)

  # And back.
  def interleaved(self: __torch__.Program, x: Tensor) -> Tensor:
    shape = x.size()
    y = torch.movedim(x.reshape([2, shape[0] // 2, shape[1], -1]), 0, 2)
    shape[0] = shape[0] // 2
    shape[1] = 2 * shape[1]
    return y.reshape(shape)

  # Positions are real.
  def positions(self: __torch__.Program, v: Tensor, c: Dict[str, Tensor]) -> Tensor:
    shape = v.size()
    shape[-1] = self.axes
    if self.complex_data:
      shape[0] = shape[0] // 2
      real = c["coordinates"].expand(shape)
      return torch.cat([real, torch.zeros_like(real)], 0)
    return c["coordinates"].expand(shape)

  # x (batch, channels, axes...), y (batch, output channels, axes...)
  def forward(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    v = torch.movedim(self.parted(x) if self.complex_data else x, 1, -1)
    if self.coordinates:
      v = torch.cat([v, self.positions(v, c)], -1)
    pads = max(self.padding) > 0
    v = self.wide_perceptron(v, "lifting", p)
    if pads:
      v = self.padded(v)
    kept: List[Tensor] = []
    for layer in range(self.layers):
      earlier = self.across[layer]
      if earlier >= 0:
        v = torch.cat([v, self.resized(kept[earlier], self.across_resizes[layer], c)], -1)
      v = self.block(v, layer, p, c)
      skips = "horizontal_skips.{}".format(layer)
      if skips + ".conv.weight" in p:
        kept.append(self.skip(v, "linear", skips, p))
      else:
        kept.append(v)
    if pads:
      v = self.unpadded(v)
    y = torch.movedim(self.wide_perceptron(v, "projection", p), -1, 1)
    if self.complex_data:
      y = self.interleaved(y)
    if self.residual:
      y = y + torch.narrow(x, 1, 0, y.size(1))
    return y.contiguous()

  # ---- single parts, to look at them alone -------------------------------------------------------

  # K alone; its parameters are "layer.weight..." and "layer.bias"
  def convolution(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    if self.complex_data:
      z = self.spectral(torch.movedim(self.parted(x), 1, -1), 0, "layer", p, c)
      return self.interleaved(torch.movedim(z, -1, 1))
    y = self.spectral(torch.movedim(x, 1, -1), 0, "layer", p, c)
    return torch.movedim(y, -1, 1).contiguous()

  def resampled(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    return torch.movedim(self.resized(torch.movedim(x, 1, -1), self.resizes[0], c), -1, 1).contiguous()

  def padded_alone(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    return torch.movedim(self.padded(torch.movedim(x, 1, -1)), -1, 1).contiguous()

  def unpadded_alone(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    return torch.movedim(self.unpadded(torch.movedim(x, 1, -1)), -1, 1).contiguous()

  # The first norm of the first layer.
  def norm_alone(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    return torch.movedim(self.normalised(torch.movedim(x, 1, -1), 0, False, p, c), -1, 1).contiguous()

  # (samples, rows, columns) to (samples, degrees, orders, 2)
  def spectrum(self: __torch__.Program, x: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    a = self.analysed(x.unsqueeze(-1), 0, c)  # (degrees, 2, orders and samples, 1)
    return a.view([a.size(0), 2, -1, x.size(0)]).permute([3, 0, 2, 1]).contiguous()

  def synthesis(self: __torch__.Program, a: Tensor, p: Dict[str, Tensor], c: Dict[str, Tensor]) -> Tensor:
    y = a.permute([1, 3, 2, 0]).reshape([a.size(1), 2, -1, 1])
    return torch.select(self.onto_grid(self.halfway(y, a.size(0), 0, c), a.size(0), 0, c), -1, 0)
