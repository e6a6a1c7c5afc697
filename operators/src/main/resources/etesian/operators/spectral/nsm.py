class Program(Module):
  # TorchScript. Arrays have the shape (modes of each axis..., batch, channels), so that a transform is
  # one matrix product per axis. p holds the parameters by their name; b the matrices: "to" and "from"
  # with the number of an axis lead to coefficients and to values at the points, "ones" are the values
  # of the function whose coefficients are all 1.
  __parameters__ = []
  __buffers__ = []
  axes : int
  depth : int          # mixing layers
  activation : str     # relu, gelu or tanh

  def activate(self: __torch__.Program, x: Tensor) -> Tensor:
    if self.activation == "relu":
      return torch.relu(x)
    if self.activation == "gelu":
      return torch.gelu(x)
    return torch.tanh(x)

  # y[.., i, ..] = sum over j of m[i, j] x[.., j, ..]
  def along(self: __torch__.Program, x: Tensor, m: Tensor, axis: int) -> Tensor:
    before = 1
    for i in range(axis):
      before = before * x.size(i)
    n = x.size(axis)
    if before == 1:
      return torch.mm(m, x.reshape([n, -1])).view(x.size())
    return torch.matmul(m, x.reshape([before, n, -1])).view(x.size())

  def transform(self: __torch__.Program, x: Tensor, which: str, b: Dict[str, Tensor]) -> Tensor:
    y = x
    for axis in range(self.axes):
      y = self.along(y, b[which + str(axis)], axis)
    return y

  # A dense layer on the channels. Its bias is added to every coefficient; here to their values.
  def dense(self: __torch__.Program, x: Tensor, index: int, p: Dict[str, Tensor], ones: Tensor) -> Tensor:
    layer = "Dense_" + str(index)
    return torch.matmul(x, p[layer + "/kernel"]) + ones * p[layer + "/bias"]

  # Layers between two transforms are the same on values as on coefficients: only what mixes the
  # channels mode by mode needs the coefficients.
  def nsm(self: __torch__.Program, values: Tensor, p: Dict[str, Tensor], b: Dict[str, Tensor]) -> Tensor:
    ones = b["ones"]
    z = self.activate(self.dense(values, 0, p, ones))
    z = self.activate(self.dense(z, 1, p, ones))
    for layer in range(self.depth):
      w = p["SpectralConv_" + str(layer) + "/W"]
      modes = self.transform(z, "to", b).reshape([-1, z.size(-2), z.size(-1)])
      mixed = torch.bmm(modes, w.view([-1, w.size(-2), w.size(-1)])).view(z.size())
      z = self.activate(self.transform(mixed, "from", b) + self.dense(z, layer + 2, p, ones))
    z = self.activate(self.dense(z, self.depth + 2, p, ones))
    z = self.activate(self.dense(z, self.depth + 3, p, ones))
    return self.transform(self.dense(z, self.depth + 4, p, ones), "to", b)

  # Everything on coefficients; a full matrix mixes the modes, the same for all channels.
  def sno(self: __torch__.Program, coefficients: Tensor, p: Dict[str, Tensor], b: Dict[str, Tensor]) -> Tensor:
    ones = b["ones"]
    z = self.activate(self.dense(coefficients, 0, p, ones))
    z = self.activate(self.dense(z, 1, p, ones))
    for layer in range(self.depth):
      general = "DenseGeneral_" + str(layer)
      bias = p[general + "/bias"].reshape([-1, 1])
      kernel = p[general + "/kernel"].reshape([bias.size(0), -1])
      mixed = torch.mm(kernel.t(), z.reshape([bias.size(0), -1])) + bias
      z = self.activate(self.dense(mixed.view(z.size()), layer + 2, p, ones))
    z = self.activate(self.dense(z, self.depth + 2, p, ones))
    z = self.activate(self.dense(z, self.depth + 3, p, ones))
    return self.dense(z, self.depth + 4, p, ones)
